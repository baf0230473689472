"""A file that a model wrote is stale as soon as it would read otherwise, whatever kind of file it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gocreator.config.options import BY_KEY
from gocreator.fcs.load import load_fcs
from gocreator.fcs.model import Fcs
from gocreator.plan.origins import Origins
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Plan
from gocreator.resources import data_dir
from gocreator.values import Origin

EXAMPLES = Path(__file__).parents[2] / "examples"
LISTS = ("entities", "relationships", "endpoints", "packages", "dependencies", "requirements", "scenarios")
OTHERWISE = (
    ("testing", "coverage_target", 12.5),
    ("testing", "unit_tests", False),
    ("testing", "integration_tests", True),
    ("build", "go_version", "1.25"),
    ("build", "build_flags", ("-trimpath",)),
    ("build", "target_os", "windows"),
)
PROSE = ("description", "purpose", "title", "notes", "then")


def _of_models(fcs: Fcs) -> Plan:
    standard_files = BY_KEY["optimization.templates.standard_files"].default
    return Planner(load_rulebook(data_dir("templates")), standard_files, None, Origins(templates=False)).plan(fcs)


def _changes(fcs: Fcs) -> Iterator[tuple[str, Fcs]]:
    """Yield the specification with one thing said otherwise, or left out."""
    for name in ("title", "description", "version", "notes"):
        yield name, fcs.model_copy(update={name: "Something else"})
    for part, key, value in OTHERWISE:
        said = getattr(fcs, part).model_copy(update={key: value})
        yield f"{part}: {key}", fcs.model_copy(update={part: said})
    for name in LISTS:
        first, *others = getattr(fcs, name) or [None]
        for text in PROSE if first is not None else ():
            if getattr(first, text, ""):
                changed = first.model_copy(update={text: "Something else"})
                yield f"{name}: {text}", fcs.model_copy(update={name: (changed, *others)})
        if name not in ("entities", "packages"):
            yield f"{name}: one fewer", fcs.model_copy(update={name: tuple(others)})


@pytest.mark.sample(1)
@pytest.mark.parametrize("example", ["blog", "tickets"])
def test_what_changes_a_file_changes_its_key(example: str) -> None:
    fcs = load_fcs(EXAMPLES / example / "fcs.yaml").fcs
    before, changed = _of_models(fcs).targets, 0
    for what, other in _changes(fcs):
        for path, target in _of_models(other).targets.items():
            known = before.get(path)
            if known and target.origin is Origin.MODEL and known.content != target.content:
                changed += 1
                assert known.key != target.key, f"{path} does not hang on {what}"
    assert changed > 20
