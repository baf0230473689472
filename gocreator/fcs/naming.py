"""Named things of a document, whether it gives them as a list or as a mapping."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gocreator.fcs.report import At, Report

T = TypeVar("T")


@dataclass(frozen=True)
class Named(Generic[T]):
    """A thing with its name, and where both stand."""

    name: str
    doc: T
    at: At
    name_at: At


def named(value: Any, at: At, kind: str, report: Report) -> list[Named[Any]]:
    """Return the things of a list or of a mapping; one without a name is reported and left out."""
    if isinstance(value, Mapping):
        found = [Named(key.strip(), doc, at / key, At((*at.loc, key), key=True)) for key, doc in value.items()]
        for item in found:
            _check_inner_name(item, kind, report)
    else:
        found = [_of_list(doc, at / index) for index, doc in enumerate(value or [])]
    for item in found:
        if not item.name:
            report.error(item.at, f"{_a(kind)} has no name", "write `name: ...`")
    return [item for item in found if item.name]


def distinct(things: Iterable[Named[T]], kind: str, report: Report) -> list[Named[T]]:
    """Return the things without those whose name was given before; these are reported."""
    first: dict[str, Named[T]] = {}
    for thing in things:
        if thing.name in first:
            line = report.source.at(first[thing.name].name_at.loc, key=first[thing.name].name_at.key).line
            message = f"the {kind} `{thing.name}` is given twice (first in line {line})"
            report.error(thing.name_at, message, "rename or remove one of them")
        else:
            first[thing.name] = thing
    return list(first.values())


def _of_list(doc: Any, at: At) -> Named[Any]:
    """Find the name of an item of a list; a text is a name."""
    if isinstance(doc, str):
        return Named(doc, doc, at, at)
    for key in ("name", "attribute"):
        if name := _own(doc, key):
            return Named(name, doc, at, at / key)
    return Named("", doc, at, at)


def _check_inner_name(item: Named[Any], kind: str, report: Report) -> None:
    """Refuse a mapping whose key and whose `name` disagree."""
    for key in ("name", "attribute"):
        inner = _own(item.doc, key)
        if inner and inner != item.name:
            message = f"the {kind} `{item.name}` says that its name is `{inner}`"
            report.error(item.at / key, message, "remove `name`, or rename the key")


def _own(doc: Any, key: str) -> str:
    """Return a name that is a declared key, not one that happens to stand there."""
    return getattr(doc, key) if key in getattr(type(doc), "model_fields", ()) else ""


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
