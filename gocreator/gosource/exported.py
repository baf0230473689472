"""Read the exported API of Go source with tree-sitter: fast, tolerant of errors, and without any Go.

Its verdict on syntax is a hint, because it errs on a valid file in a thousand; gofmt decides.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from gocreator.gosource.api import Api, Declaration, Kind, StructField, SyntaxProblem, missing
from gocreator.gosource.constants import read_constants
from gocreator.gosource.parser import broken, complaint, parse, start
from gocreator.gosource.signature import elements, fields, names, parts, place, render, signature, text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Api", "Declaration", "Kind", "StructField", "SyntaxProblem", "exported_api", "missing"]

_MAX_ERRORS = 20


def exported_api(source: bytes | str) -> Api:
    """Read a file, or a contract, which is the same without bodies."""
    data = source.encode(errors="replace") if isinstance(source, str) else source
    root = parse(data)
    try:
        declarations = [declaration for node in root.named_children for declaration in _declarations(node)]
    except RecursionError:
        return Api("", (), (), (SyntaxProblem(1, 1, "the types are nested too deeply"),))
    own = [name for name in map(_package_level, declarations) if name not in ("", "_", "init")]
    return Api(
        package=next((text(parts(node)[0]) for node in root.named_children if _is_package(node)), ""),
        declarations=tuple(declaration for declaration in declarations if _is_exported(declaration.name)),
        names=tuple(dict.fromkeys(own)),
        errors=tuple(_errors(root)),
        methods=tuple(it.name for it in declarations if it.kind is Kind.METHOD and not it.name.endswith("._")),
    )


def _is_package(node: "Node") -> bool:
    """Tell whether a node is a package clause with a name."""
    return node.type == "package_clause" and bool(parts(node))


def _is_exported(name: str) -> bool:
    """Tell whether a name, and the type before it, can be seen from other packages."""
    return all(part[:1].isupper() for part in name.split("."))


def _package_level(declaration: Declaration) -> str:
    """Return the name that a declaration takes in its package; methods take none."""
    return "" if declaration.kind is Kind.METHOD else declaration.name


def _declarations(node: "Node") -> Iterator[Declaration]:
    """Read what a top-level node declares."""
    read = _READERS.get(node.type)
    if read is not None:
        yield from read(node)


def _function(node: "Node") -> Iterator[Declaration]:
    """Read a function."""
    name = text(node.child_by_field_name("name"))
    yield Declaration(Kind.FUNC, name, f"func {name}{signature(node)}", *place(node))


def _method(node: "Node") -> Iterator[Declaration]:
    """Read a method; its receiver is known by type alone."""
    receiver = render(node.child_by_field_name("receiver"))
    owner = receiver.strip("()*").partition("[")[0]
    name = text(node.child_by_field_name("name"))
    yield Declaration(Kind.METHOD, f"{owner}.{name}", f"func {receiver} {name}{signature(node)}", *place(node))


def _types(node: "Node") -> Iterator[Declaration]:
    """Read the types of a declaration."""
    for spec in parts(node):
        name, definition = text(spec.child_by_field_name("name")), spec.child_by_field_name("type")
        head = f"type {name}{render(spec.child_by_field_name('type_parameters'))}"
        where = place(spec)
        if definition is None:
            continue
        if spec.type == "type_alias":
            yield Declaration(Kind.TYPE, name, f"{head} = {render(definition)}", *where)
        elif definition.type == "struct_type":
            yield _struct(name, head, definition, where)
        elif definition.type == "interface_type":
            yield _interface(name, head, definition, where)
        else:
            yield Declaration(Kind.TYPE, name, f"{head} {render(definition)}", *where)


def _struct(name: str, head: str, definition: "Node", where: tuple[int, int]) -> Declaration:
    """Read a struct; a body that holds only a comment states no fields."""
    shown = tuple(field for field in fields(definition) if field.name[:1].isupper())
    stated = None if not shown and _is_left_open(definition) else shown
    body = "" if stated is None else f"{{ {'; '.join(map(str, stated))} }}" if stated else "{}"
    return Declaration(Kind.STRUCT, name, f"{head} struct{body}", *where, fields=stated)


def _interface(name: str, head: str, definition: "Node", where: tuple[int, int]) -> Declaration:
    """Read an interface; a body that holds only a comment states no methods."""
    members = tuple(elements(definition))
    stated = None if not members and _is_left_open(definition) else members
    body = "" if stated is None else f"{{ {'; '.join(stated)} }}" if stated else "{}"
    return Declaration(Kind.INTERFACE, name, f"{head} interface{body}", *where, elements=stated)


def _is_left_open(definition: "Node") -> bool:
    """Tell whether a body holds comments and nothing else."""
    bodies = [definition, *definition.named_children]
    inner = [child.type for body in bodies for child in body.named_children if child.type != "field_declaration_list"]
    return bool(inner) and set(inner) == {"comment"}


def _variables(node: "Node") -> Iterator[Declaration]:
    """Read variables; their values are no part of an API."""
    groups = [spec for child in parts(node) for spec in (parts(child) if child.type == "var_spec_list" else [child])]
    for spec in groups:
        kind = render(spec.child_by_field_name("type"))
        for name in names(spec):
            yield Declaration(Kind.VAR, text(name), f"var {text(name)} {kind}".rstrip(), *place(name), type=kind)


_READERS: dict[str, Callable[["Node"], Iterator[Declaration]]] = {
    "function_declaration": _function,
    "method_declaration": _method,
    "type_declaration": _types,
    "const_declaration": read_constants,
    "var_declaration": _variables,
}
_TOP_LEVEL = frozenset([*_READERS, "package_clause", "import_declaration", "comment"])


def _errors(root: "Node") -> list[SyntaxProblem]:
    """Find what does not parse, and what parses but may not stand where it does."""
    found = []
    if not any(_is_package(node) for node in root.named_children):
        found.append(SyntaxProblem(1, 1, "there is no package clause"))
    strange = [node for node in root.named_children if node.type not in _TOP_LEVEL and node.type != "ERROR"]
    found += [SyntaxProblem(*place(node), f"a declaration was expected, not `{start(node)}`") for node in strange]
    found += [SyntaxProblem(*place(node), complaint(node)) for node in broken(root)]
    return sorted(set(found), key=lambda problem: (problem.line, problem.column))[:_MAX_ERRORS]
