"""How entities refer to each other by key: what a store looks up, and what a service checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gocreator.fcs.model import Attribute, Entity, Fcs


@dataclass(frozen=True)
class Link:
    """An attribute of one entity that holds the key of another, or of the same."""

    source: str
    attribute: Attribute
    target: str
    closing: bool
    """It closes a cycle of required references, so that no record could be created if it had to exist."""


def links(fcs: Fcs) -> tuple[Link, ...]:
    """Return all references by key that relationships declare, in the order of these."""
    entities = {entity.name: entity for entity in fcs.entities}
    edges: dict[tuple[str, str], tuple[Entity, Attribute, Entity]] = {}
    for item in fcs.relationships:
        source, target = entities[item.source], entities[item.target]
        attribute = next((found for found in source.attributes if found.name == item.via), None)
        if attribute is not None and attribute.name != "id" and _holds_key(attribute, target):
            edges.setdefault((source.name, attribute.name), (source, attribute, target))
    closing = _closing(list(edges.values()))
    return tuple(
        Link(source.name, attribute, target.name, place in closing)
        for place, (source, attribute, target) in edges.items()
    )


def _holds_key(attribute: Attribute, target: Entity) -> bool:
    text = {"string", "text", "uuid"}
    base, key = attribute.type.base, target.key.type.base
    return base == key or {base, key} <= text


def _closing(edges: Sequence[tuple[Entity, Attribute, Entity]]) -> set[tuple[str, str]]:
    """Walk required references depth first, by name; one that leads back to where the walk is closes a cycle."""
    outgoing: dict[str, list[tuple[str, str]]] = {}
    for source, attribute, target in edges:
        if not attribute.type.optional:
            outgoing.setdefault(source.name, []).append((attribute.name, target.name))
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in sorted(outgoing):
        _walk(start, outgoing, done, found)
    return found


def _walk(
    start: str, outgoing: Mapping[str, list[tuple[str, str]]], done: set[str], found: set[tuple[str, str]]
) -> None:
    """Walk from one entity; a stack of its own, because specifications may be deeper than Python's."""
    if start in done:
        return
    path = {start: iter(sorted(outgoing.get(start, ())))}
    while path:
        name = next(reversed(path))
        step = next(path[name], None)
        if step is None:
            done.add(name)
            del path[name]
        elif step[1] in path:
            found.add((name, step[0]))
        elif step[1] not in done:
            path[step[1]] = iter(sorted(outgoing.get(step[1], ())))
