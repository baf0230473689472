"""A program that is not implemented says so, and what it lacks; its tests catch one that does not."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gocreator.fcs.model import Endpoint, Fcs, Requirement, Scenario

Go = Callable[..., subprocess.CompletedProcess[str]]
Render = Callable[[Fcs], dict[str, bytes]]
Tree = Callable[[Fcs], Path]

MAIN, TEST = "cmd/tool/main.go", "cmd/tool/main_test.go"
BARE = Fcs(name="tool", module="example.com/tool", version="1.2")
SPECIFICATION = BARE.model_copy(
    update={
        "requirements": (Requirement(id="FR-1", description='Say "hello".'),),
        "scenarios": (
            Scenario(id="US1", title="Greet | somebody", description="Not shown."),
            Scenario(id="US2", description="Leave\nquietly."),
            Scenario(id="US3"),
        ),
    }
)
LISTED = 'FR-1: Say "hello".\nUS1: Greet | somebody\nUS2: Leave quietly.\nUS3\n'
MUTANTS = {
    "other text": ('"not implemented yet"', '"not yet"'),
    "no error": ("return errNotImplemented", "return nil"),
    "other requirement": ("FR-1: Say", "FR-1: Do not say"),
    "other scenario": ("US2: Leave", "US2: Stay"),
    "no scenario": ('\t"US3",\n', ""),
    "nothing listed": ("range wanted", "range wanted[:0]"),
    "listed where results belong": ("fmt.Fprintln(stderr, line)", "fmt.Fprintln(stdout, line)"),
    "broken stderr": ("\t\t\treturn err\n", "\t\t\tbreak\n"),
    "broken stdout": (
        "\t\t_, err := fmt.Fprintln(stdout, versionText())\n\t\treturn err",
        "\t\tfmt.Fprintln(stdout, versionText())\n\t\treturn nil",
    ),
    "success fails": ("return 0", "return 1"),
    "wrong usage is failure": ("return 2", "return 1"),
    "failure is wrong usage": ("\t}\n\treturn 1", "\t}\n\treturn 2"),
    "failure is success": ("\t}\n\treturn 1", "\t}\n\treturn 0"),
    "wrong flag is failure": ("return usageError{err}", "return err"),
    "wrong argument is failure": (
        'usageError{fmt.Errorf("unexpected argument %q", flags.Arg(0))}',
        'fmt.Errorf("%q", flags.Arg(0))',
    ),
    "argument not named": ('fmt.Errorf("unexpected argument %q", flags.Arg(0))', 'errors.New("unexpected argument")'),
    "argument taken": ("flags.NArg() > 0", "flags.NArg() > 1"),
    "wrong flag reported twice": ("flags.SetOutput(io.Discard)", "flags.SetOutput(stderr)"),
    "help fails": ("flags.Usage()\n\t\treturn nil", "flags.Usage()\n\t\treturn err"),
    "no help": ("flags.Usage()", "_ = flags.Usage"),
    "help where results belong": ("flags.SetOutput(stderr)", "flags.SetOutput(stdout)"),
    "version on stderr": ("fmt.Fprintln(stdout, versionText())", "fmt.Fprintln(stderr, versionText())"),
    "no version": ('"tool 1.2"', '"tool"'),
    "no version of Go": ('text + " " + runtime.Version()', 'text + " " + runtime.GOOS'),
}


def test_only_a_program_without_endpoints_is_a_skeleton(render: Render) -> None:
    assert MAIN in render(SPECIFICATION)
    served = SPECIFICATION.model_copy(update={"endpoints": (Endpoint(method="GET", path="/", description="Greet."),)})
    assert b"not implemented" not in render(served).get(MAIN, b"")


@pytest.mark.go
@pytest.mark.parametrize(("specification", "listed"), [(SPECIFICATION, LISTED), (BARE, "")])
def test_it_lists_what_is_to_be_written_and_fails(specification: Fcs, listed: str, tree: Tree, go: Go) -> None:
    root = tree(specification)
    for command in (
        ["gofmt", "-s", "-d", "."],
        ["vet", "./..."],
        ["test", "./..."],
        ["build", "-o", "tool", "./cmd/tool"],
    ):
        done = go(root, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    calls = {"": 1, "-version": 0, "-h": 0, "-colour": 2, "now": 2}
    ended = {
        call: subprocess.run([root / "tool", *call.split()], capture_output=True, text=True, check=False)
        for call in calls
    }
    assert {call: done.returncode for call, done in ended.items()} == calls
    assert ended[""].stderr == f"{listed}tool: not implemented yet\n"
    assert ended["-version"].stdout.startswith("tool 1.2 ")


@pytest.mark.go
def test_its_tests_catch_every_mutant(render: Render, go: Go, tmp_path: Path) -> None:
    files = {path: content.decode() for path, content in render(SPECIFICATION).items()}
    (tmp_path / "go.mod").write_text(files["go.mod"])
    for name, (old, new) in {"none": ("", ""), **MUTANTS}.items():
        place = tmp_path / name.replace(" ", "_")
        place.mkdir()
        assert old in files[MAIN], name
        (place / "main.go").write_text(files[MAIN].replace(old, new, 1))
        (place / "main_test.go").write_text(files[TEST])
    done = go(tmp_path, "test", "-vet=off", "-json", "./...")
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    ended = {
        event["Package"].rpartition("/")[2].replace("_", " "): event["Action"]
        for event in events
        if event["Action"] in ("pass", "fail") and "Test" not in event and "FailedBuild" not in event
    }
    assert ended == {"none": "pass"} | dict.fromkeys(MUTANTS, "fail")
