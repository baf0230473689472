"""What a body that is not written yet returns: zero values and an error, where the signature has room for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gocreator.gosource.declarations import Function
from gocreator.gosource.signature import names, parts, text
from gocreator.gosource.types import Printer
from gocreator.gosource.uses import type_parameters

if TYPE_CHECKING:
    from tree_sitter import Node

_NIL = frozenset("pointer_type slice_type map_type channel_type function_type interface_type".split())
_NUMBERS = frozenset(
    "byte complex64 complex128 float32 float64 int int8 int16 int32 int64 rune uint uint8 uint16 uint32 uint64 "
    "uintptr".split()
)
_ZEROS = {"string": '""', "bool": "false", "error": "nil", "any": "nil"} | dict.fromkeys(_NUMBERS, "0")
_FREE = ("zero", "none", "empty", "nothing", "blank")
"""Names for zero values, in this order."""


@dataclass(frozen=True)
class Result:
    """A result of a function."""

    type: str
    zero: str
    """Its zero value; empty where that takes a variable."""


@dataclass(frozen=True)
class Body:
    """How a function says that it is not written."""

    fails: bool
    """Its last result is an error."""
    variables: tuple[tuple[str, str], ...]
    """Variables for zero values, with their types."""
    zeros: tuple[str, ...]
    """What it returns before the error."""


def body(function: Function) -> Body:
    """Return what to write."""
    results = list(_results(function, type_parameters(function)))
    if not results or results[-1].type != "error":
        return Body(fails=False, variables=(), zeros=())
    free = (name for name in _names(len(results)) if name not in _taken(function))
    zeros, variables = [], []
    for result in results[:-1]:
        if not result.zero:
            variables.append((next(free), result.type))
        zeros.append(result.zero or variables[-1][0])
    return Body(fails=True, variables=tuple(variables), zeros=tuple(zeros))


def _results(function: Function, hidden: frozenset[str]) -> Iterator[Result]:
    node = function.node.child_by_field_name("result")
    if node is None:
        return
    listed = parts(node) if node.type == "parameter_list" else []
    kinds = [item.child_by_field_name("type") for item in listed for _ in names(item) or [item]] if listed else [node]
    for kind in kinds:
        if kind is not None and not (node.type == "parameter_list" and not listed):
            yield Result(Printer(indent=1).type(kind), _zero(kind, hidden))


def _zero(kind: "Node", hidden: frozenset[str]) -> str:
    if kind.type in _NIL:
        return "nil"
    return "" if text(kind) in hidden else _ZEROS.get(text(kind), "")


def _taken(function: Function) -> set[str]:
    """Return the names of receiver, parameters and results."""
    fields = ("receiver", "parameters", "result")
    lists = [function.node.child_by_field_name(field) for field in fields]
    return {text(name) for found in lists for item in parts(found) for name in names(item)}


def _names(count: int) -> Iterator[str]:
    yield from _FREE
    yield from (f"zero{number}" for number in range(count + 2, count + 1000))
