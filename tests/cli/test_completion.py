"""Completion as shells ask for it: through click's protocol, and on a terminal with the real bash."""

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(sys.executable).with_name("gocreator")


def ask(project: Any, **environment: str) -> list[str]:
    ran = subprocess.run(
        [PROGRAM],
        cwd=project.root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.strip().splitlines()


def in_bash(project: Any, line: str, breaks: str = " \t\n\"'><=;|&(:") -> list[str]:
    return ask(project, _GOCREATOR_COMPLETE="bash_complete", COMP_LINE=line, COMP_WORDBREAKS=breaks)


def in_zsh(project: Any, *words: str) -> list[str]:
    found = ask(project, _GOCREATOR_COMPLETE="zsh_complete", COMP_WORDS=" ".join(words), COMP_CWORD=str(len(words) - 1))
    return found[1::3]


def in_fish(project: Any, *words: str) -> list[str]:
    found = ask(project, _GOCREATOR_COMPLETE="fish_complete", COMP_WORDS=" ".join(words), COMP_CWORD=words[-1])
    return [line.partition(",")[2].partition("\t")[0] for line in found]


def test_targets_in_bash(project: Any) -> None:
    assert in_bash(project, "gocreator bui") == ["plain,build"]
    assert in_bash(project, "gocreator build internal/models/ord") == [
        "plain,internal/models/order.go",
        "plain,internal/models/order_test.go",
    ]
    assert "plain,generated/internal/models/order.go" in in_bash(project, "gocreator build generated/internal/m")
    assert in_bash(project, "gocreator why ent") == [
        "plain,entity:Customer",
        "plain,entity:Order",
        "plain,entity:Product",
    ]
    assert in_bash(project, "gocreator why entity:O") == ["plain,Order"], "bash keeps what stands before a colon"
    assert in_bash(project, "gocreator why entity:O", breaks=" ") == ["plain,entity:Order"]
    assert in_bash(project, "gocreator list phase:mo") == ["plain,models", "plain,model_tests"]
    assert "plain,rule:model" in in_bash(project, "gocreator ignore ")
    assert in_bash(project, "gocreator build entity:Order entity:O") == [], "it is named already"
    assert in_bash(project, "gocreator build -f fc") == ["file,fc"]
    assert "plain,--no-verify" in in_bash(project, "gocreator build --no-")
    assert in_bash(project, "gocreator completion ") == ["plain,bash", "plain,zsh", "plain,fish"]


def test_targets_in_zsh_and_fish(project: Any) -> None:
    for shell in (in_zsh, in_fish):
        assert shell(project, "gocreator", "why", "entity:Or") == ["entity:Order"]
        assert shell(project, "gocreator", "build", "rule:model_t") == ["rule:model_test"]
        assert "internal/models/order.go" in shell(project, "gocreator", "build", "int")


def test_flags_say_which_project_is_meant(project: Any, tmp_path: Path) -> None:
    away = type(project)(tmp_path)
    project.write("other.yaml", "name: other\nentities:\n  - {name: Ship, attributes: {name: string}}\n")
    assert in_bash(away, "gocreator why -C project entity:Or") == ["plain,Order"]
    assert in_bash(away, "gocreator -C project why -f other.yaml entity:") == ["plain,Ship"]


def test_without_a_plan_nothing_is_completed(project: Any) -> None:
    before = project.files()
    project.write("fcs.yaml", "entities: [")
    assert in_bash(project, "gocreator build rule:") == []
    (project.root / "fcs.yaml").unlink()
    assert in_bash(project, "gocreator build rule:") == []
    assert set(project.files()) == set(before) - {"fcs.yaml"}, "nothing is written"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_for_the_shell(project: Any, shell: str) -> None:
    ran = project("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_GOCREATOR_COMPLETE={shell}_complete" in ran.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=ran.out, text=True, check=True, timeout=60)


def test_another_shell_is_refused(project: Any) -> None:
    ran = project("completion", "tcsh")
    assert ran.code == 2
    assert "bash" in ran.err


class Terminal:
    """A bash that somebody types into."""

    def __init__(self, folder: Path) -> None:
        path = os.pathsep.join([str(PROGRAM.parent), os.environ["PATH"]])
        environment = os.environ | {"PATH": path, "PS1": "$ ", "TERM": "dumb", "INPUTRC": os.devnull}
        self._ours, theirs = pty.openpty()
        self._bash = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"], cwd=folder, env=environment, stdin=theirs, stdout=theirs,
            stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    def type(self, keys: str, until: str) -> str:
        """Type keys and return what the screen shows from then on, up to a text."""
        os.write(self._ours, keys.encode())
        seen, end = "", time.monotonic() + 30
        while until not in seen and time.monotonic() < end:
            if select.select([self._ours], [], [], 0.2)[0]:
                seen += os.read(self._ours, 65536).decode(errors="replace")
        return seen

    def close(self) -> None:
        self._bash.kill()
        self._bash.wait()
        os.close(self._ours)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_real_bash_on_a_terminal(project: Any) -> None:
    with contextlib.closing(Terminal(project.root)) as bash:
        assert "ready" in bash.type('eval "$(gocreator completion bash)"; echo re""ady\n', "ready\r\n")
        assert "rule:model_test " in bash.type("gocreator why rule:model_t\t", "model_test ")
        assert "entity:Order " in bash.type("entity:Or\t", "entity:Order ")
        assert "--no-verify " in bash.type("\x15gocreator build --no-v\t", "--no-verify ")
        assert "fcs.yaml " in bash.type("-f fc\t", "fcs.yaml ")
