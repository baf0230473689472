"""Which parts of the specification a target depends on, and which elements stand beside its own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from gocreator.fcs.elements import Element
from gocreator.fcs.model import Entity, Fcs, Type
from gocreator.plan.rule import ForEach, Readable
from gocreator.plan.target import SliceItem
from gocreator.values import Digest, ElementId, Part

PROJECT = ElementId("project")


class Surroundings:
    """Knows what stands beside what in one specification; built once per plan, asked for every target."""

    def __init__(self, fcs: Fcs, cut: Mapping[ElementId, Element]) -> None:
        self._cut = cut
        self._entities = {entity.name: entity for entity in fcs.entities}
        self._packages = [package.name for package in fcs.packages]
        self._dependencies = {package.name: package.dependencies for package in fcs.packages}
        self._members: dict[str, list[str]] = defaultdict(list)
        for entity in fcs.entities:
            self._members[entity.package].append(entity.name)
        self._kinds: dict[str, list[ElementId]] = defaultdict(list)
        for element in cut:
            self._kinds[element.partition(":")[0]].append(element)
        self._links: dict[str, set[ElementId]] = defaultdict(set)
        self._neighbours: dict[str, set[str]] = {
            name: {found.entity for found in _types(entity)} - {""} for name, entity in self._entities.items()
        }
        for link in self._kinds["relationship"]:
            self._tie(link, cut[link].data["source"], cut[link].data["target"])

    def _tie(self, link: ElementId, source: str, target: str) -> None:
        for name, other in ((source, target), (target, source)):
            self._links[name].add(link)
            self._neighbours[name].add(other)

    def neighbours(self, entity: str) -> list[str]:
        """Return the entities that an entity refers to or is related to, without itself, by name."""
        return sorted(self._neighbours[entity] - {entity})

    def counterparts(self, element: ElementId, kind: ForEach, of: str) -> list[ElementId]:
        """Return the elements of a kind that belong to an element: its own, those beside it, or all."""
        if kind == "project":
            return [PROJECT]
        own, _, name = element.partition(":")
        if kind == "package":
            names = self._dependencies_of(own, name) if of == "dependencies" else [self._home(own, name)]
            chosen = self._packages if of == "all" or own == "project" else names
            return [ElementId(f"package:{found}") for found in chosen]
        if of == "all" or own == "project":
            names = list(self._entities)
        elif of == "dependencies":
            names = [member for package in self._dependencies_of(own, name) for member in self._members[package]]
        elif own == "package":
            names = self._members[name]
        else:
            names = self.neighbours(name) if of == "neighbours" else [name]
        return [ElementId(f"entity:{found}") for found in names]

    def _home(self, kind: str, name: str) -> str:
        return self._entities[name].package if kind == "entity" else name

    def _dependencies_of(self, kind: str, name: str) -> list[str]:
        return list(self._dependencies.get(self._home(kind, name), ()))

    def slice_of(self, element: ElementId, reads: Mapping[Readable, Part]) -> dict[SliceItem, Digest]:
        """Return an element, the faces of those beside it, and what the rule reads besides, with digests."""
        wanted = set(self._items(element, reads))
        full = {item.element for item in wanted if item.part is Part.FULL}
        kept = (item for item in wanted if item.part is Part.FULL or item.element not in full)
        return {item: self._digest(item) for item in sorted(kept, key=str)}

    def _items(self, element: ElementId, reads: Mapping[Readable, Part]) -> Iterator[SliceItem]:
        yield SliceItem(element, Part.FULL)
        kind, _, name = element.partition(":")
        if kind != PROJECT:
            yield SliceItem(PROJECT, Part.FACE)
        if kind == "entity":
            yield SliceItem(ElementId(f"package:{self._entities[name].package}"), Part.FACE)
            yield from (SliceItem(ElementId(f"entity:{other}"), Part.FACE) for other in self.neighbours(name))
            yield from (SliceItem(link, Part.FULL) for link in self._links[name])
        if kind == "package":
            yield from (SliceItem(ElementId(f"entity:{member}"), Part.FACE) for member in self._members[name])
            yield from (SliceItem(ElementId(f"package:{it}"), Part.FACE) for it in self._dependencies[name])
        for read, part in reads.items():
            yield from (SliceItem(found, part) for found in self._kinds[read])

    def _digest(self, item: SliceItem) -> Digest:
        element = self._cut[item.element]
        return element.digest if item.part is Part.FULL else element.face_digest


def _types(entity: Entity) -> Iterator[Type]:
    for attribute in entity.attributes:
        found: Type | None = attribute.type
        while found is not None:
            yield found
            found = found.item
