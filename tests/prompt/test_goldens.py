"""Complete prompts, one for each rule that has one, as `gocreator prompt` prints them.

`PROMPTS=write .venv/bin/pytest tests/prompt/test_goldens.py` writes them anew; the difference is there to be read.
"""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from gocreator.fcs.load import load_fcs
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook

REPOSITORY = Path(__file__).parents[2]
GOLDEN = REPOSITORY / "tests/golden/prompts"
TICKETS = REPOSITORY / "examples/tickets/fcs.yaml"
PROMPTS = {
    "model": "internal/models/ticket.go",
    "store": "internal/repository/ticket.go",
    "service": "internal/service/ticket.go",
    "handler": "internal/handlers/ticket.go",
    "endpoint": "internal/handlers/close_ticket.go",
    "package": "internal/search/finder/finder.go",
}
ALL = PROMPTS | {"planner": "contracts/webhook.go"}


@pytest.fixture
def tickets(project: Any) -> Any:
    shutil.copy(TICKETS, project.root / "fcs.yaml")
    return project


def test_every_rule_that_asks_has_a_golden_prompt() -> None:
    book = load_rulebook(REPOSITORY / "templates")
    plan = Planner(book, ()).plan(load_fcs(TICKETS).fcs)
    assert {plan.targets[path].rule: path for path in PROMPTS.values()} == PROMPTS  # type: ignore[index]
    assert {name for name, rule in book.rules.items() if rule.has_prompt} == set(PROMPTS)
    assert {path.stem for path in GOLDEN.iterdir()} == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_the_prompt_is_the_golden_one(tickets: Any, name: str) -> None:
    shown = tickets("prompt", ALL[name])
    assert shown.code == 0, shown.err
    golden = GOLDEN / f"{name}.md"
    if os.environ.get("PROMPTS") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(shown.out)
    assert shown.out == golden.read_text()


def test_equal_input_gives_equal_bytes_in_every_process(tickets: Any) -> None:
    running = [tickets.start("prompt", "--json", *ALL.values(), PYTHONHASHSEED=seed) for seed in ("1", "2")]
    first, second = (process.communicate(timeout=60)[0] for process in running)
    assert first.count('"path"') == len(ALL)
    assert first == second


@pytest.mark.go
@pytest.mark.parametrize("rule", PROMPTS)
def test_the_go_in_prompts_is_laid_out_as_gofmt_does(rule: str, go: Any, tmp_path: Path) -> None:
    text = (REPOSITORY / "templates/rules" / rule / "prompt.md.j2").read_text()
    for number, code in enumerate(re.findall(r"```go\n(.*?)```", text, re.DOTALL)):
        whole = code if re.search(r"^package ", code, re.MULTILINE) else f"package x\n\n{code}"
        (tmp_path / f"{number}.go").write_text(whole)
    assert go(tmp_path, "gofmt", "-l", ".").stdout == ""
