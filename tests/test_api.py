"""The programming interface gives the same as the command line, and tells what happens while it happens."""

import fcntl
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import gocreator
from gocreator import errors, events

README = (Path(__file__).parent.parent / "README.md").read_text()
ORDER = re.compile(
    r"(Warned )*RunStarted ((Warned )*(BackedUp )?(TargetUpToDate|TargetKept|TargetBuilt|TargetFailed) )*"
    r"((TargetRemoved|OrphanKept|TargetFailed) )*"
    r"(VerifyStarted VerifyFinished |VerifyFinished |VerifySkipped )(ApiChanged )*RunFinished"
)


def program() -> str:
    """Return the example of the README."""
    found = re.search(r"## From Python\n.*?```python\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def section() -> str:
    return README.partition("## From Python\n")[2].partition("\n## ")[0]


class Heard(list[events.Event]):
    """A listener that keeps what it hears, and in which threads."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()

    def __call__(self, event: events.Event) -> None:
        self.append(event)
        self.threads.add(threading.get_ident())

    @property
    def names(self) -> str:
        return " ".join(type(event).__name__ for event in self)

    def of(self, kind: type[events.Event]) -> list[Any]:
        return [event for event in self if isinstance(event, kind)]


def test_plan_check_and_build(project: Any) -> None:
    planned = gocreator.make_plan(project.root)
    assert not (project.root / "generated").exists()
    report = gocreator.build(project.root, verify=False)
    assert report["exit_code"] == 0
    assert report["counts"]["built"] == len(planned.targets)
    assert project.files("generated").keys() == planned.targets.keys()
    assert {finding.status.value for finding in gocreator.check(project.root)} == {"up-to-date"}
    assert project("check").code == 0
    assert json.loads((project.root / ".gocreator/reports/latest/report.json").read_text()) == report
    assert get_type_hints(gocreator.RunReport).keys() == report.keys()


def test_load_fcs(project: Any) -> None:
    assert gocreator.load_fcs(project.root / "fcs.yaml").name == "shop"
    project.write("fcs.yaml", "nmae: x\n")
    with pytest.raises(errors.FcsError, match="nmae"):
        gocreator.load_fcs(project.root / "fcs.yaml")


def test_names_are_imported_when_they_are_used() -> None:
    found = "sorted(name for name in sys.modules if name.partition('.')[0] in ('gocreator', 'doit', 'pydantic'))"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys, gocreator; print({found})"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "['gocreator']\n"
    assert all(getattr(gocreator, name) for name in gocreator.__all__)
    with pytest.raises(AttributeError):
        _ = gocreator.nonsense


def test_events_tell_of_every_target_in_order(project: Any) -> None:
    first = Heard()
    gocreator.build(project.root, verify=False, on_event=first)
    assert ORDER.fullmatch(first.names), first.names
    assert first.threads == {threading.get_ident()}
    (started,) = first.of(events.RunStarted)
    paths = [event.path for event in first.of(events.TargetBuilt)]
    assert sorted(paths) == sorted(gocreator.make_plan(project.root).targets)
    assert started.targets == started.work == len(paths)
    again = Heard()
    gocreator.build(project.root, verify=False, on_event=again)
    assert ORDER.fullmatch(again.names), again.names
    assert sorted(event.path for event in again.of(events.TargetUpToDate)) == sorted(paths)
    assert again.of(events.RunStarted)[0].work == 0


def test_events_tell_of_edits_failures_and_what_left(project: Any) -> None:
    gocreator.build(project.root, verify=False)
    project.write("generated/internal/models/product.go", "package models // mine\n")
    project.write("generated/internal/models/customer.go", "package models // mine\n")
    before, product, after = project.files()["fcs.yaml"].decode().partition("  - name: Product\n")
    project.write("fcs.yaml", before.replace("  name: string", "  name: int") + after.partition("string\n")[2])
    assert product
    (project.root / "generated/go.mod").unlink()
    (project.root / "generated/go.mod").mkdir()
    heard = Heard()
    report = gocreator.build(project.root, verify=False, on_event=heard)
    assert ORDER.fullmatch(heard.names), heard.names
    assert report["exit_code"] == heard.of(events.RunFinished)[0].exit_code == 1
    (kept,) = heard.of(events.TargetKept)
    assert kept.path == "internal/models/customer.go"
    assert kept.stale
    assert (project.root / kept.planned).is_file()
    assert any("name" in reason for reason in kept.reasons)
    assert [event.path for event in heard.of(events.TargetFailed)] == ["go.mod"]
    (skipped,) = heard.of(events.VerifySkipped)
    assert skipped.reason
    (project.root / "generated/go.mod").rmdir()
    forced = Heard()
    assert gocreator.build(project.root, verify=False, force=True, on_event=forced)["exit_code"] == 0
    assert ORDER.fullmatch(forced.names), forced.names
    (saved,) = forced.of(events.BackedUp)
    assert saved.path == kept.path
    gone = {event.path for kind in (events.TargetRemoved,) for event in [*heard.of(kind), *forced.of(kind)]}
    assert "internal/models/product_test.go" in gone
    assert [event.path for event in [*heard, *forced] if isinstance(event, events.OrphanKept)] == [
        "internal/models/product.go"
    ]


def test_what_a_listener_raises_comes_after_the_build(project: Any) -> None:
    heard = []

    def broken(event: events.Event) -> None:
        heard.append(event)
        if isinstance(event, events.TargetBuilt):
            raise ZeroDivisionError("of the listener")

    with pytest.raises(ZeroDivisionError, match="of the listener"):
        gocreator.build(project.root, verify=False, on_event=broken)
    assert sum(isinstance(event, events.TargetBuilt) for event in heard) == 1
    assert project("check").code == 0, "the build was finished"


def test_a_listener_can_stop_a_build_as_an_interruption_does(project: Any) -> None:
    def impatient(event: events.Event) -> None:
        if isinstance(event, events.TargetBuilt):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gocreator.build(project.root, verify=False, on_event=impatient)
    report = gocreator.build(project.root, verify=False)
    assert report["exit_code"] == 0
    assert project("check").code == 0


def test_errors_have_the_exit_codes_of_the_command(project: Any) -> None:
    heard = Heard()
    with pytest.raises(errors.WrongUsage) as wrong:
        gocreator.build(project.root, targets=["entity:Nobody"], on_event=heard)
    assert wrong.value.exit_code == project("build", "entity:Nobody").code == 2
    assert heard.names == "RunFinished"
    (project.root / ".gocreator").mkdir(exist_ok=True)
    with (project.root / ".gocreator/build.lock").open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(errors.Refused) as refused:
            gocreator.build(project.root)
        assert refused.value.exit_code == project("build").code == 4
    project.edit("fcs.yaml", "title: string", "title: strong")
    with pytest.raises(errors.FcsError) as unclear:
        gocreator.build(project.root)
    assert unclear.value.exit_code == project("build").code == 2
    (problem,) = unclear.value.problems
    assert (problem.location.file, problem.location.line > 0) == ("fcs.yaml", True)
    project.write(".gocreator.yaml", "optimisation: {}\n")
    with pytest.raises(errors.ConfigError):
        gocreator.check(project.root)


def test_warnings_of_settings_are_events(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOCREATOR_NONSENSE", "1")
    heard = Heard()
    report = gocreator.build(project.root, verify=False, on_event=heard)
    assert ORDER.fullmatch(heard.names), heard.names
    (warned,) = heard.of(events.Warned)
    assert "GOCREATOR_NONSENSE" in warned.message
    assert report["warnings"] == [warned.message]


@pytest.mark.go
@pytest.mark.usefixtures("go")
def test_events_tell_of_verification(project: Any) -> None:
    project.write("fcs.yaml", "name: small\nmodule: example.com/small\n")
    first, again = Heard(), Heard()
    report = gocreator.build(project.root, on_event=first)
    assert ORDER.fullmatch(first.names), first.names
    assert first.names.endswith("VerifyStarted VerifyFinished RunFinished")
    (verified,) = first.of(events.VerifyFinished)
    assert verified.ok
    assert not verified.reused
    assert [check["name"] for check in verified.checks] == [check["name"] for check in report["verify"]["checks"]]
    gocreator.build(project.root, on_event=again)
    assert ORDER.fullmatch(again.names), again.names
    assert again.names.endswith("TargetUpToDate VerifyFinished RunFinished")
    assert again.of(events.VerifyFinished)[0].reused


def test_the_example_runs_and_has_the_types_that_it_says(project: Any, tmp_path: Path) -> None:
    example = tmp_path / "example.py"
    example.write_text(program())
    ran = subprocess.run(
        [sys.executable, example, project.root], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "built internal/models/order.go: not built before\n" in ran.stdout
    (project.root / "fcs.yaml").unlink()
    ran = subprocess.run([sys.executable, example, project.root], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "there is no specification" in ran.stderr
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}/cache", str(example)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.stdout == "Success: no issues found in 1 source file\n"


def test_wrong_use_is_found_by_the_types(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text('import gocreator\ngocreator.build(3)\nx: str = gocreator.build()["exit_code"]\n')
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}/cache", str(wrong)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "wrong.py:2" in checked.stdout
    assert "wrong.py:3" in checked.stdout
    assert "Found 2 errors" in checked.stdout


def test_all_events_and_errors_are_explained() -> None:
    for name in set(events.__all__) - {"Event", "Level", "Subscriber"}:
        (row,) = [line for line in section().splitlines() if line.startswith(f"| `{name}` ")]
        fields = get_type_hints(getattr(events, name)).keys() - {"at", "level", "passing"}
        assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == fields
    codes = {
        name: cells[2].strip()
        for cells in (line.split("|") for line in section().splitlines() if line.startswith("| `"))
        for name in re.findall(r"`(\w+)`", cells[1])
        if hasattr(errors, name)
    }
    assert codes.pop("GocreatorError") == ""
    assert {name: int(code) for name, code in codes.items()} == {
        name: getattr(errors, name).exit_code for name in codes
    }
    public = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert public - {"GocreatorError", "DocumentError"} == codes.keys()
