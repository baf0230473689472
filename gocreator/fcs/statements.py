"""Turn what a document says in sentences (requirements, scenarios, criteria) into canonical form."""

from collections.abc import Iterator
from typing import Literal

from gocreator.fcs.document import CriterionDoc, Document, RequirementDoc, RequirementsDoc, ScenarioDoc
from gocreator.fcs.model import Requirement, Scenario, SuccessCriterion
from gocreator.fcs.report import ROOT, At, Report

Kind = Literal["functional", "non_functional"]
_FUNCTIONAL = frozenset(["", "functional", "fr", "feature"])
_NON_FUNCTIONAL = frozenset(["non-functional", "non_functional", "nonfunctional", "non functional", "nfr", "quality"])
_IDS = {"functional": "FR-{:03}", "non_functional": "NFR-{:03}"}
Item = tuple[RequirementDoc, Kind, At]


def read_requirements(document: Document, report: Report) -> tuple[Requirement, ...]:
    """Return the requirements of all places, by id; ids are made where they are missing."""
    items = list(_requirement_docs(document))
    taken = {doc.id: at for doc, _, at in reversed(items) if doc.id}
    result: dict[str, Requirement] = {}
    counters = {"functional": 0, "non_functional": 0}
    for doc, kind, at in items:
        identity = doc.id or _next_id(_IDS[kind], kind, counters, taken)
        requirement = _requirement(doc, identity, kind)
        if not doc.description:
            report.error(at / "description", f"the requirement {identity} says nothing", "write a sentence")
        if identity in result:
            first = report.source.at(taken[identity].loc).line
            message = f"the requirement `{identity}` is given twice (first in line {first})"
            report.error(at / "id", message, "give it an id of its own")
        result.setdefault(identity, requirement)
    return tuple(result[identity] for identity in sorted(result))


def _requirement_docs(document: Document) -> Iterator[Item]:
    """Return the requirements of all places with their kind."""
    groups: list[tuple[list[RequirementDoc | str] | None, Kind, At]] = []
    at = ROOT / "requirements"
    if isinstance(document.requirements, RequirementsDoc):
        groups.append((document.requirements.functional, "functional", at / "functional"))
        groups.append((document.requirements.non_functional, "non_functional", at / "non_functional"))
    else:
        groups.append((document.requirements, "functional", at))
    groups.append((document.nonfunctional_requirements, "non_functional", ROOT / "nonfunctional_requirements"))
    for docs, kind, place in groups:
        for index, doc in enumerate(docs or []):
            full = RequirementDoc(description=doc) if isinstance(doc, str) else doc
            says = "non_functional" if full.type.lower() in _NON_FUNCTIONAL or full.nfr_type else kind
            yield full, says, place / index


def _next_id(form: str, kind: str, counters: dict[str, int], taken: dict[str, At]) -> str:
    """Count on to the next id that nobody has."""
    while True:
        counters[kind] += 1
        identity = form.format(counters[kind])
        if identity not in taken:
            return identity


def _requirement(doc: RequirementDoc, identity: str, kind: Kind) -> Requirement:
    """Make a requirement; the kind of a non-functional one is its category."""
    said = doc.type if doc.type.lower() not in _FUNCTIONAL | _NON_FUNCTIONAL else ""
    return Requirement(
        id=identity,
        description=doc.description,
        kind=kind,
        priority=doc.priority,
        category=doc.category or doc.nfr_type or said,
        threshold=doc.threshold or doc.measurable,
        notes=doc.notes,
    )


def read_scenarios(document: Document, report: Report) -> tuple[Scenario, ...]:
    """Return the scenarios by id; ids are made where they are missing."""
    docs = [ScenarioDoc(title=doc) if isinstance(doc, str) else doc for doc in document.scenarios or []]
    taken = {doc.id: ROOT for doc in docs if doc.id}
    counters = {"scenario": 0}
    result: dict[str, Scenario] = {}
    for index, doc in enumerate(docs):
        identity = doc.id or _next_id("US{}", "scenario", counters, taken)
        if identity in result:
            at = ROOT / "scenarios" / index / "id"
            report.error(at, f"the scenario `{identity}` is given twice", "give it an id of its own")
        result.setdefault(identity, _scenario(doc, identity))
    return tuple(result[identity] for identity in sorted(result))


def _scenario(doc: ScenarioDoc, identity: str) -> Scenario:
    """Make a scenario."""
    return Scenario(
        id=identity,
        title=doc.title or doc.name,
        priority=doc.priority,
        description=doc.description,
        given="\n".join(doc.given),
        when="\n".join(doc.when),
        then="\n".join(doc.then),
        acceptance_criteria=tuple(doc.acceptance_criteria),
    )


def read_criteria(document: Document) -> tuple[SuccessCriterion, ...]:
    """Return the success criteria in the order given."""
    docs = [CriterionDoc(criterion=doc) if isinstance(doc, str) else doc for doc in document.success_criteria or []]
    return tuple(
        SuccessCriterion(criterion=doc.criterion or doc.description, measurable=doc.measurable, priority=doc.priority)
        for doc in docs
        if doc.criterion or doc.description or doc.measurable
    )
