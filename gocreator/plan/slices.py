"""Which parts of the specification a target depends on, and which elements stand beside its own."""

from collections.abc import Iterator, Mapping

from gocreator.fcs.elements import Element
from gocreator.fcs.model import Entity, Fcs, Type
from gocreator.plan.rule import ForEach, Readable
from gocreator.plan.target import SliceItem
from gocreator.values import Digest, ElementId, Part


def slice_of(
    fcs: Fcs, cut: Mapping[ElementId, Element], element: ElementId, reads: Mapping[Readable, Part]
) -> dict[SliceItem, Digest]:
    """Return an element, the faces of those beside it, and what the rule reads besides, with digests."""
    parts = {item: _digest(cut[item.element], item.part) for item in _items(fcs, cut, element, reads)}
    full = {item.element for item in parts if item.part is Part.FULL}
    return {item: parts[item] for item in sorted(parts, key=str) if item.part is Part.FULL or item.element not in full}


def counterparts(fcs: Fcs, element: ElementId, kind: ForEach, of: str) -> list[ElementId]:
    """Return the elements of a kind that belong to an element: its own, those beside it, or all."""
    if kind == "project":
        return [ElementId("project")]
    own, _, name = element.partition(":")
    if kind == "package":
        holder = {entity.name: entity.package for entity in fcs.entities}
        named = {"entity": holder.get(name, ""), "package": name}.get(own, "")
        every = of == "all" or not named
        return [ElementId(f"package:{package.name}") for package in fcs.packages if every or package.name == named]
    if of == "all" or own == "project":
        return [ElementId(f"entity:{entity.name}") for entity in fcs.entities]
    if own == "package":
        return [ElementId(f"entity:{entity.name}") for entity in fcs.entities if entity.package == name]
    names = neighbours(fcs, name) if of == "neighbours" else [name]
    return [ElementId(f"entity:{entity}") for entity in names]


def neighbours(fcs: Fcs, name: str) -> list[str]:
    """Return the entities that an entity refers to or is related to, without itself, by name."""
    entity = next(entity for entity in fcs.entities if entity.name == name)
    found = {attribute_type.entity for attribute_type in _types(entity)} - {""}
    found |= {link.target for link in fcs.relationships if link.source == name}
    found |= {link.source for link in fcs.relationships if link.target == name}
    return sorted(found - {name})


def _items(
    fcs: Fcs, cut: Mapping[ElementId, Element], element: ElementId, reads: Mapping[Readable, Part]
) -> Iterator[SliceItem]:
    yield SliceItem(element, Part.FULL)
    kind, _, name = element.partition(":")
    if kind != "project":
        yield SliceItem(ElementId("project"), Part.FACE)
    if kind == "entity":
        entity = next(entity for entity in fcs.entities if entity.name == name)
        yield SliceItem(ElementId(f"package:{entity.package}"), Part.FACE)
        for other in neighbours(fcs, name):
            yield SliceItem(ElementId(f"entity:{other}"), Part.FACE)
        for item in cut.values():
            if item.id.startswith("relationship:") and name in (item.data["source"], item.data["target"]):
                yield SliceItem(item.id, Part.FULL)
    if kind == "package":
        for entity in fcs.entities:
            if entity.package == name:
                yield SliceItem(ElementId(f"entity:{entity.name}"), Part.FACE)
    for read, part in reads.items():
        for found in cut:
            if found.partition(":")[0] == read:
                yield SliceItem(found, part)


def _types(entity: Entity) -> Iterator[Type]:
    for attribute in entity.attributes:
        found: Type | None = attribute.type
        while found is not None:
            yield found
            found = found.item


def _digest(element: Element, part: Part) -> Digest:
    return element.digest if part is Part.FULL else element.face_digest
