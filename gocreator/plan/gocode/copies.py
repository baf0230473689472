"""Statements that make a copied value own what it refers to, so that two copies share nothing that can change."""

from collections.abc import Iterator

from gocreator.fcs.model import Type
from gocreator.plan.gocode.literals import NILABLE


def copies(kind: Type, target: str, depth: int = 0) -> Iterator[str]:
    """Give statements for a variable of a type; none for plain values, such as texts and numbers."""
    if kind.base == "entity":
        yield f"{target} = {target}.Clone()"
    elif kind.base in ("bytes", "json"):
        yield f"{target} = slices.Clone({target})"
    elif kind.base in ("list", "map") and kind.item is not None:
        yield f"{target} = {'slices' if kind.base == 'list' else 'maps'}.Clone({target})"
        yield from _items(kind, target, depth)
    elif kind.optional and kind.base not in NILABLE:
        yield f"if {target} != nil {{"
        yield f"\tvalue := *{target}"
        yield f"\t{target} = &value"
        yield "}"


def _items(kind: Type, target: str, depth: int) -> Iterator[str]:
    """Copy what a list or a map holds, where that needs more than the copy of the whole."""
    key, item = ("i", "key")[kind.base == "map"] + str(depth or ""), f"item{depth or ''}"
    held = f"{target}[{key}]" if kind.base == "list" else item
    inner = list(copies(kind.item, held, depth + 1)) if kind.item is not None else []
    if inner:
        yield f"for {key} := range {target} {{" if kind.base == "list" else f"for {key}, {item} := range {target} {{"
        yield from (f"\t{line}" for line in inner)
        if kind.base == "map":
            yield f"\t{target}[{key}] = {item}"
        yield "}"
