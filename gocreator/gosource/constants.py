"""Read constant declarations, where a line without a value repeats the one above it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gocreator.gosource.api import Declaration, Kind
from gocreator.gosource.signature import names, parts, place, render, text

if TYPE_CHECKING:
    from tree_sitter import Node

_IOTA = re.compile(r"\biota\b")


def read_constants(node: "Node") -> Iterator[Declaration]:
    """Read the constants of a declaration."""
    kind, values = "", list["Node"]()
    for iota, spec in enumerate(parts(node)):
        if given := parts(spec.child_by_field_name("value")):
            kind, values = render(spec.child_by_field_name("type")), given
        for position, name in enumerate(names(spec)):
            value = values[position] if position < len(values) else None
            yield _constant(name, kind or render(spec.child_by_field_name("type")), value, iota)


def _constant(name: "Node", kind: str, value: "Node | None", iota: int) -> Declaration:
    """Compose a constant; a conversion states the type as well as a declaration does."""
    written = text(value)
    if not kind and value is not None and value.type in ("type_conversion_expression", "call_expression"):
        kind, written = _conversion(value)
    written = _IOTA.sub(str(iota), written)
    shown = " ".join(part for part in ("const", text(name), kind, f"= {written}" if written else "") if part)
    return Declaration(Kind.CONST, text(name), shown, *place(name), type=kind, value=written)


def _conversion(value: "Node") -> tuple[str, str]:
    """Take `Status("active")` apart; `len("active")` is none."""
    operands = parts(value.child_by_field_name("arguments")) or parts(value)[1:]
    target = text(parts(value)[0])
    if len(operands) != 1 or target in ("len", "cap", "min", "max", "real", "imag", "complex"):
        return "", text(value)
    return target, text(operands[0])
