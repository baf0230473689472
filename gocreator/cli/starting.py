"""What `gocreator init` writes: the files of `dodo_templates/`, with the names that the project uses."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gocreator.engine.session import FCS_NAMES, find_fcs
from gocreator.errors import Code, Failed, Refused, WrongUsage
from gocreator.output.tree import Tree
from gocreator.resources import data_dir
from gocreator.store.workspace import DEFAULT_OUTPUT
from gocreator.values import RelPath

FCS, MAKEFILE, FRAGMENT, PRE_COMMIT = "fcs.yaml", "Makefile", "gocreator.mk", ".pre-commit-config.yaml"
FILES: Mapping[str, Mapping[str, str]] = {
    "makefile": {MAKEFILE: "Makefile"},
    "pre_commit": {PRE_COMMIT: "pre-commit-config.yaml"},
    "github": {".github/workflows/gocreator.yml": "workflow.yml"},
    "dodo": {"dodo.py": "dodo.py", "doit.cfg": "doit.cfg"},
}
"""For each flag: the files that it asks for, and their templates."""

STEPS = {
    "makefile": "`make generate` builds what changed",
    "pre_commit": "`pre-commit install` runs the check before every commit",
    "github": "say in .github/workflows/gocreator.yml where gocreator is to be installed from",
    "dodo": "`doit -n 4` builds as `gocreator build` does",
}


@dataclass
class Start:
    """What is to be written, what is there already, and what the user does next."""

    files: dict[RelPath, bytes] = field(default_factory=dict)
    present: list[RelPath] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def plan_start(project: Path, output: str, wanted: Iterable[str]) -> Start:
    """Return what a project gets; refuse, before anything is written, where a file is in the way."""
    wanted, tree, start = list(wanted), Tree(project), Start()
    fcs = _specification(project, start, alone=not wanted)
    names = (fcs, output)
    in_the_way: list[str] = []
    for flag in wanted:
        files = _beside_a_makefile(tree, names, start) if flag == "makefile" else FILES[flag]
        for path, template in files.items():
            content, there = _template(template, *names), tree.read(RelPath(path))
            if there is None:
                start.files[RelPath(path)] = content
            elif there == content:
                start.present.append(RelPath(path))
            else:
                in_the_way.append(path)
        start.steps.append(STEPS[flag])
    if in_the_way:
        raise _refusal(in_the_way, names)
    start.steps.append(f"`gocreator build`, then commit {fcs}, {output} and gocreator.lock")
    return start


def write(project: Path, files: Mapping[RelPath, bytes]) -> None:
    """Write all files or none."""
    tree = Tree(project)
    failures = tree.write(files)
    if failures:
        tree.remove(path for path in files if path not in failures)
        first = next(iter(failures.values()))
        raise Failed(
            f"nothing was written: {first.message}",
            hint=first.hint or "check permissions and free space",
            code=Code.UNWRITABLE,
        )


def _specification(project: Path, start: Start, *, alone: bool) -> str:
    """Return the specification's name; a starter is written only where there is none."""
    if not any((project / name).exists() for name in FCS_NAMES):
        start.files[RelPath(FCS)] = _template(FCS)
        start.steps.append(f"change {FCS} into what your program is")
        return FCS
    try:
        found = str(find_fcs(project, None))
    except WrongUsage as error:
        raise Refused(
            error.message, hint="keep one of them, or write these files by hand", code=Code.IN_THE_WAY
        ) from error
    if alone:
        hint = "`gocreator build` builds it; --makefile, --pre-commit, --github and --dodo write more"
        raise Refused(f"there is a specification already: {found}", hint=hint, code=Code.IN_THE_WAY)
    start.present.append(RelPath(found))
    return found


def _beside_a_makefile(tree: Tree, names: tuple[str, str], start: Start) -> Mapping[str, str]:
    """Return the file for make: one that another Makefile includes, where there is one."""
    content = _template("Makefile", *names)
    for name in ("GNUmakefile", "makefile", MAKEFILE):  # those that make looks for, in its order
        found = tree.read(RelPath(name))
        if found is not None and found != content:
            if f"include {FRAGMENT}" not in found.decode(errors="replace"):
                start.steps.append(f"add `include {FRAGMENT}` at the end of {name}")
            return {FRAGMENT: "Makefile"}
    return FILES["makefile"]


def _template(name: str, fcs: str = FCS, output: str = DEFAULT_OUTPUT) -> bytes:
    """Return a template with the project's names: templates are complete files, for the default names."""
    text = (data_dir("dodo_templates") / name).read_text(encoding="utf-8")
    text = text.replace(FCS, fcs).replace(re.escape(FCS), re.escape(fcs))
    written = re.escape(output) if name == PRE_COMMIT.removeprefix(".") else output
    below = "" if output == "." else f"{written}/"
    text = re.sub(rf"\b{DEFAULT_OUTPUT}/", lambda _: below, text)
    return re.sub(rf"\b{DEFAULT_OUTPUT}$", lambda _: output, text, flags=re.MULTILINE).encode()


def _refusal(in_the_way: list[str], names: tuple[str, str]) -> Refused:
    paths = ", ".join(in_the_way)
    advice = "nothing was written; "
    if PRE_COMMIT in in_the_way:
        entry = _template(PRE_COMMIT.removeprefix("."), *names).decode().partition("repos:\n")[2].rstrip()
        advice += f"add this to the repos of {PRE_COMMIT}, and leave --pre-commit out:\n{entry}"
    else:
        advice += "move it away, or leave out the flag that asks for it"
    return Refused(f"already there, with other content: {paths}", hint=advice, code=Code.IN_THE_WAY)
