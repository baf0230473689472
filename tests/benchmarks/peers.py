"""The graph of a project that gocreator builds, as build files for make, ninja and plain doit.

Every target depends on what it depends on in gocreator's plan: parts of elements, parts of contracts. These are files
in `deps/`. The recipe copies the prepared file in `in/` to `out/`, so that the same bytes come out.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import gocreator

Graph = Mapping[str, Sequence[str]]
"""For each target: the files in `deps/` that it depends on."""

DODO = """\
import json
import shutil

def copy(source, target):
    shutil.copyfile(source, target)

def task_copy():
    with open("graph.json") as file:
        graph = json.load(file)
    for path, needed in graph.items():
        source, target = f"in/{path}", f"out/{path}"
        yield {"name": path, "file_dep": [source, *needed], "targets": [target],
               "actions": [(copy, [source, target])]}
"""


def write_peers(project: Path, folder: Path) -> None:
    """Write the graph of a project that was built, and the inputs, for all peers."""
    plan = gocreator.make_plan(project)
    names: dict[str, str] = {}
    graph = {
        str(target.path): [
            names.setdefault(f"{kind} {part}", f"deps/{len(names)}")
            for kind, parts in (("element", target.slice), ("contract", target.uses))
            for part in parts
        ]
        for target in plan.targets.values()
    }
    shutil.copytree(project / "generated", folder / "in")
    (folder / "deps").mkdir()
    for part, name in names.items():
        (folder / name).write_text(part)
    for name, text in {"Makefile": makefile(graph), "build.ninja": build_ninja(graph), "dodo.py": DODO}.items():
        (folder / name).write_text(text)
    (folder / "graph.json").write_text(json.dumps(graph))


def makefile(graph: Graph) -> str:
    """Return the graph for GNU make."""
    lines = [f"TARGETS := {' '.join(f'out/{path}' for path in graph)}", "all: $(TARGETS)"]
    lines += [f"out/{path}: {' '.join(needed)}" for path, needed in graph.items()]
    return "\n".join([*lines, "$(TARGETS): out/%: in/%", "\tcp $< $@", ""])


def build_ninja(graph: Graph) -> str:
    """Return the graph for ninja."""
    rule = "rule copy\n  command = cp $source $out\n"
    builds = (
        f"build out/{path}: copy in/{path} {' '.join(needed)}\n  source = in/{path}\n" for path, needed in graph.items()
    )
    return "".join([rule, *builds])


if __name__ == "__main__":
    write_peers(Path(sys.argv[1]), Path(sys.argv[2]))
