"""Load a specification: read it, check it, and bring it into canonical form."""

from dataclasses import dataclass
from pathlib import Path

from gocreator.errors import FcsError, Problem
from gocreator.fcs.check import check_cycles, check_patterns
from gocreator.fcs.collisions import check_names
from gocreator.fcs.contractfiles import ContractFiles
from gocreator.fcs.contracts import read_contracts
from gocreator.fcs.document import Document
from gocreator.fcs.endpoints import read_endpoints
from gocreator.fcs.entities import read_entities, read_relationships
from gocreator.fcs.model import Fcs
from gocreator.fcs.packages import read_packages
from gocreator.fcs.project import read_build, read_dependencies, read_names, read_patterns, read_testing
from gocreator.fcs.report import Report
from gocreator.fcs.statements import read_criteria, read_requirements, read_scenarios
from gocreator.fcs.structure import read_document
from gocreator.source import Source, read_source, read_text


@dataclass(frozen=True)
class Loaded:
    """A specification that can be built from, and what may surprise its author."""

    fcs: Fcs
    warnings: tuple[Problem, ...]


NO_CONTRACTS = ContractFiles()


def load_fcs(path: Path, name: str | None = None, contracts: ContractFiles = NO_CONTRACTS) -> Loaded:
    """Load a file; `name` is how its user calls it. Raises `FcsError` with everything that is wrong."""
    return parse_fcs(read_source(path, name or str(path), error=FcsError), contracts)


def read_contract_files(folder: Path, name: str) -> ContractFiles:
    """Read the contracts that lie in a folder, which need not be there; `name` is how its user calls it."""
    found = sorted(folder.glob("*.go"))
    return ContractFiles(name, {it.name: read_text(it, f"{name}/{it.name}", error=FcsError) for it in found})


def parse_fcs(source: Source, contracts: ContractFiles = NO_CONTRACTS) -> Loaded:
    """Bring a document into canonical form, or raise `FcsError` with everything that is wrong."""
    report = Report(source)
    document = read_document(report)
    fcs = None if document is None else _canonical(document, contracts, report)
    if fcs is None or report.errors:
        raise FcsError(report.errors)
    return Loaded(fcs, tuple(sorted(set(report.warnings))))


def _canonical(document: Document, contracts: ContractFiles, report: Report) -> Fcs:
    """Read part after part; each reports what is wrong with it and goes on."""
    names = read_names(document, report)
    drafts = read_entities(document, report)
    packages, entities, places = read_packages(document, drafts, report)
    check_names(drafts, entities, report)
    endpoints = read_endpoints(document, entities, report)
    drafted = list(zip(entities, drafts, strict=True))
    packages = read_contracts(
        packages, drafted, places, report, contracts, serves=bool(endpoints), module=names["module"]
    )
    check_cycles(packages, entities, drafts, places, report)
    patterns = read_patterns(document, report)
    check_patterns(patterns, packages, report)
    return Fcs(
        **names,
        description=document.description,
        version=document.version,
        entities=tuple(entities),
        relationships=read_relationships(document, entities, report),
        endpoints=endpoints,
        packages=tuple(packages),
        dependencies=read_dependencies(document, report),
        patterns=patterns,
        requirements=read_requirements(document, report),
        scenarios=read_scenarios(document, report),
        success_criteria=read_criteria(document),
        testing=read_testing(document, report),
        build=read_build(document, report),
        notes="\n\n".join(dict.fromkeys([*document.notes, *document.clarification_notes])),
    )
