"""Say in sentences what changed between two versions of an element."""

from collections.abc import Iterator
from typing import Any

_IDENTITIES = ("id", "name", "criterion")
_LONG = 60
_MISSING = object()


def diff(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return one sentence for every field that changed, was added or was removed."""
    return list(_mapping("", old, new))


def _mapping(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Compare two mappings key by key."""
    for key in sorted({*old, *new}):
        yield from _value(f"{path}.{key}" if path else key, old.get(key, _MISSING), new.get(key, _MISSING))


def _value(path: str, old: Any, new: Any) -> Iterator[str]:
    """Compare two values."""
    if old == new and type(old) is type(new):
        return
    if path.rpartition(".")[2] == "type" and isinstance(old, dict) and isinstance(new, dict):
        yield f"{path}: {_type(old)} -> {_type(new)}"
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _mapping(path, old, new)
    elif _is_list(old) and _is_list(new) and _names(old or new):
        yield from _named(path, old, new)
    elif new is _MISSING:
        yield f"{path} removed"
    elif old is _MISSING:
        yield f"{path} added" if isinstance(new, dict | list) or _is_long(new) else f"{path} added: {_shown(new)}"
    elif _is_list(old) and _is_list(new):
        yield from _items(path, old, new)
    elif isinstance(old, dict | list) or isinstance(new, dict | list) or _is_long(old) or _is_long(new):
        yield f"{path} changed"
    else:
        yield f"{path}: {_shown(old)} -> {_shown(new)}"


def _named(path: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    """Compare two lists of named things by name."""
    before, after = _names(old), _names(new)
    if before is None or after is None:
        yield f"{path} changed"
        return
    for name in [*after, *(name for name in before if name not in after)]:
        if name not in before:
            yield f"{path}.{name} added"
        elif name not in after:
            yield f"{path}.{name} removed"
        else:
            yield from _mapping(f"{path}.{name}", before[name], after[name])
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        yield f"{path} in another order"


def _names(values: list[Any]) -> dict[str, dict[str, Any]] | None:
    """Return the things of a list by what identifies them, if something does."""
    for key in _IDENTITIES:
        if all(isinstance(value, dict) and isinstance(value.get(key), str) for value in values):
            found = {value[key]: value for value in values}
            return found if len(found) == len(values) else None
    return None


def _items(path: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    """Compare two lists of plain values."""
    added = [item for item in new if item not in old]
    removed = [item for item in old if item not in new]
    for word, items in (("added", added), ("removed", removed)):
        for item in items:
            yield f"{path} changed" if isinstance(item, dict | list) else f"{path}: {_shortened(item)} {word}"
    if not added and not removed:
        yield f"{path} in another order"


def _type(value: dict[str, Any]) -> str:
    """Write a type the way an author does."""
    base, item = value.get("base", ""), value.get("item") or {}
    text = {
        "enum": f"enum({'|'.join(value.get('values', ()))})",
        "entity": value.get("entity", ""),
        "list": f"[]{_type(item)}" if item else "[]",
        "map": f"map[string]{_type(item)}" if item else "map",
    }.get(base, base)
    return f"{text}?" if value.get("optional") else str(text)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _shortened(value: Any) -> str:
    """Show a value by how it begins."""
    text = _shown(value)
    return f"{' '.join(text.split())[: _LONG - 4]} ..." if _is_long(value) else text


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and (len(value) > _LONG or "\n" in value)


def _shown(value: Any) -> str:
    """Show a short value."""
    if isinstance(value, bool) or value is None:
        return str(value).lower().replace("none", "null")
    return str(value) if value != "" else '""'
