"""Read the Go declarations of `exports`, and say where a text is none."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gocreator.fcs.report import At, Report
from gocreator.gosource.declarations import Declared, Function, Group, declarations
from gocreator.gosource.parser import broken, parse, start
from gocreator.gosource.signature import names, parts
from gocreator.gosource.signature import text as source_of
from gocreator.gosource.values import NoValueError

if TYPE_CHECKING:
    from tree_sitter import Node

FORM = "write declarations of Go, such as `func Render(text string) (string, error)`"

_BARE = re.compile(r"[A-Za-z_][\w.]*\Z")
_NO_VALUE = re.compile(r"const\s+(\w+)(\s+[\w.]+)?\Z")
_SIGNATURE = re.compile(r"(\(\s*(\w+\s+)?\*?\s*[A-Z]\w*(\[[^\]]*\])?\s*\)\s*)?[A-Z]\w*(\[[^\]]*\])?\(")
_ADDED = "func "
_ALLOWED = {"comment", "ERROR", *(f"{kind}_declaration" for kind in ("function", "method", "type", "const", "var"))}
_IN_FILES = {"package_clause", "import_declaration"}
"""What a file has beside declarations."""
_REFUSED = {
    "package_clause": ("a package clause does not belong here", "remove it: the package is named as its directory"),
    "import_declaration": ("imports do not belong here", "remove it: what is imported follows from what is mentioned"),
}


@dataclass(frozen=True)
class Text:
    """One text of `exports`."""

    at: At
    source: str
    added: frozenset[int] = frozenset()
    """The rows at whose beginning `func` was added."""

    def place(self, node: "Node") -> tuple[int, int]:
        """Return line and column of a node, in characters, as its author counts them."""
        row, column = node.start_point
        lines = self.source.encode(errors="replace").split(b"\n")
        before = lines[row][:column].decode(errors="replace") if row < len(lines) else ""
        return row + 1, max(len(before) - (len(_ADDED) if row in self.added else 0), 0) + 1


@dataclass(frozen=True)
class Export:
    """A declaration, and the text that it stands in."""

    text: Text
    declared: Declared


def read_texts(texts: Sequence[str], at: At, report: Report) -> list[Export]:
    """Read the texts of one package; what is no declaration is reported."""
    found: list[Export] = []
    for index, source in enumerate(texts):
        try:
            found += _read(Text(at / index, source), report)
        except RecursionError:
            report.error(at / index, "the types are nested too deeply", "name the inner ones")
    return found


def read_file(source: str, at: At, clause: str, report: Report) -> list[Export]:
    """Read a file of declarations; what is none is reported, and a package clause that is not the one wanted."""
    told, exports = len(report.errors), []
    try:
        exports = list(_declared_in(Text(at, source), clause, report))
    except RecursionError:
        report.error(at, "the types are nested too deeply", "name the inner ones")
    if not exports and len(report.errors) == told:
        report.error_within(at, (1, 1), "this contract declares nothing", FORM)
    return exports


def _declared_in(file: Text, clause: str, report: Report) -> Iterator[Export]:
    root = parse(file.source.encode(errors="replace"))
    if wrong := _wrong(root, _ALLOWED | _IN_FILES):
        node, message, hint = wrong
        report.error_within(file.at, file.place(node), message, hint)
        return
    found = next((source_of(it).split()[-1] for it in root.named_children if it.type == "package_clause"), "")
    if found != clause:
        said = f"the package clause is `package {found}`" if found else "there is no package clause"
        report.error_within(file.at, (1, 1), said, f"write `package {clause}`")
    yield from _usable(file, root, report)


def _read(text: Text, report: Report) -> Iterator[Export]:
    """Read one text."""
    if _BARE.match(text.source):
        hint = f"write what it is, such as `func {text.source}() error` or `type {text.source} struct{{}}`"
        report.error(text.at, f"`{text.source}` is a name, not a declaration", hint)
        return
    if found := _NO_VALUE.match(text.source):
        report.error(text.at, f"the constant `{found[1]}` has no value", f"such as `const {found[1]} = 1`")
        return
    text, root = _understood(text)
    if wrong := _wrong(root):
        node, message, hint = wrong
        report.error_within(text.at, text.place(node), message, hint)
        return
    yield from _usable(text, root, report)


def _usable(text: Text, root: "Node", report: Report) -> Iterator[Export]:
    """Return the declarations that a contract can have; others are reported."""
    for declared in declarations(root):
        if problem := _unusable(declared):
            node, message, hint = problem
            report.error_within(text.at, text.place(node), message, hint)
        else:
            yield Export(text, declared)


def _understood(text: Text) -> tuple[Text, "Node"]:
    """Parse a text; where that makes it Go, `func` is put before signatures that lack it."""
    root = parse(text.source.encode(errors="replace"))
    lines = text.source.split("\n")
    rows = frozenset(row for row, line in enumerate(lines) if _SIGNATURE.match(line))
    if not rows or _wrong(root) is None:
        return text, root
    source = "\n".join(f"{_ADDED if row in rows else ''}{line}" for row, line in enumerate(lines))
    mended = parse(source.encode(errors="replace"))
    return (text, root) if _wrong(mended) else (Text(text.at, source, rows), mended)


def _wrong(root: "Node", allowed: Collection[str] = _ALLOWED) -> tuple["Node", str, str] | None:
    """Find the first thing that is not allowed beside declarations."""
    strange = [node for node in root.named_children if node.type not in allowed]
    first = min([*strange, *broken(root)], key=lambda node: node.start_byte, default=None)
    if first is None:
        return None
    return first, *_REFUSED.get(first.type, (_complaint(first), FORM))


def _complaint(node: "Node") -> str:
    if node.is_missing:
        return f"`{node.type}` is missing here"
    return f"`{start(node)}` is no declaration of Go" if start(node) else "the declaration is not finished"


def _mistaken(function: Function) -> str:
    """Say what is wrong with the names of parameters and results, which the grammar lets pass."""
    given: list[str] = []
    for key in ("receiver", "parameters", "result"):
        listed = function.node.child_by_field_name(key)
        items = parts(listed) if listed is not None and listed.type == "parameter_list" else []
        if len({bool(names(item)) for item in items}) > 1:
            return f"`{function.name}` names some of its parameters or results, and others not"
        given += [shown for item in items for name in names(item) if (shown := source_of(name)) != "_"]
    twice = next((name for name in given if given.count(name) > 1), "")
    return f"`{function.name}` has two parameters or results named `{twice}`" if twice else ""


def _unusable(declared: Declared) -> tuple["Node", str, str] | None:
    """Say why a declaration cannot be that of a contract."""
    name = declared.names[0] if declared.names else ""
    if isinstance(declared, Function) and declared.has_body:
        return declared.node, f"`{name}` has a body", "leave it out: exports state what there is, not how it works"
    if not name:
        return declared.node, "this declares no name", "give a name that others can use"
    if isinstance(declared, Function) and (problem := _mistaken(declared)):
        return declared.node, problem, "give every parameter and result a name of its own, or none of them"
    if isinstance(declared, Group) and declared.kind == "const":
        first = next(spec.node for spec in declared.specs if spec.node)
        if first.child_by_field_name("value") is None:
            return first, f"the constant `{name}` has no value", f"such as `const {name} = 1`"
    try:
        _ = declared.text
    except NoValueError as error:
        hint = "give the type of the variable and leave the value to the code of the package"
        return error.node, f"`{start(error.node)}` takes more than a declaration", hint
    return None
