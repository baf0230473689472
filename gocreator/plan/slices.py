"""Which parts of the specification a target depends on, and which elements stand beside its own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from gocreator import gonames
from gocreator.fcs.elements import Element
from gocreator.fcs.matching import by_segment, subjects_of
from gocreator.fcs.mentions import Mentions, Names, entity_names
from gocreator.fcs.model import Endpoint, Entity, Fcs, Type
from gocreator.plan.rule import ForEach, Readable
from gocreator.plan.target import SliceItem
from gocreator.values import Digest, ElementId, Part

PROJECT = ElementId("project")
STATEMENTS = frozenset({"requirement", "scenario"})
"""What is read by those whom it mentions, and by the project's files."""


class Surroundings:
    """Knows what stands beside what in one specification; built once per plan, asked for every target."""

    def __init__(self, fcs: Fcs, cut: Mapping[ElementId, Element]) -> None:
        self._cut = cut
        self.has_modules = bool(fcs.dependencies)
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
        self._slices: dict[tuple[ElementId, tuple[tuple[Readable, Part], ...]], dict[SliceItem, Digest]] = {}
        """Several rules of one element read the same, and use files of the same elements."""
        self._counterparts: dict[tuple[ElementId, ForEach, str], list[ElementId]] = {}
        self._every: dict[tuple[Readable, Part], list[SliceItem]] = {}
        segments = by_segment(fcs.entities)
        names = entity_names(fcs.entities)
        self._subjects = {endpoint_id(it): endpoint_subjects(it, segments, names) for it in fcs.endpoints}
        self._on_path = {endpoint_id(it): subjects_of(it.path, segments) for it in fcs.endpoints}
        self._operations: dict[str, list[ElementId]] = defaultdict(list)
        for endpoint in fcs.endpoints:
            self._operations[endpoint.entity].append(endpoint_id(endpoint))
        self._mentions = Mentions(fcs, cut)
        for link in self._kinds["relationship"]:
            self._tie(link, cut[link].data["source"], cut[link].data["target"])
        self._beside = {name: sorted(others - {name}) for name, others in self._neighbours.items()}

    def _tie(self, link: ElementId, source: str, target: str) -> None:
        for name, other in ((source, target), (target, source)):
            self._links[name].add(link)
            self._neighbours[name].add(other)

    def neighbours(self, entity: str) -> list[str]:
        """Return the entities that an entity refers to or is related to, without itself, by name."""
        return self._beside[entity]

    def counterparts(self, element: ElementId, kind: ForEach, of: str) -> list[ElementId]:
        """Return the elements of a kind that belong to an element: its own, those beside it, or all."""
        asked = element, kind, of
        if asked not in self._counterparts:
            self._counterparts[asked] = self._belonging(element, kind, of)
        return self._counterparts[asked]

    def _belonging(self, element: ElementId, kind: ForEach, of: str) -> list[ElementId]:
        if kind == "project":
            return [PROJECT]
        own, _, name = element.partition(":")
        everything = of == "all" or own == PROJECT
        if kind == "endpoint":
            own_ones = self._operations[name] if own == "entity" else [element] if own == kind else []
            return self._kinds[kind] if everything else own_ones
        if kind == "package":
            names = self._dependencies_of(element) if of == "dependencies" else self._homes(element)
            return [ElementId(f"package:{found}") for found in (self._packages if everything else names)]
        if everything:
            names = list(self._entities)
        elif of == "dependencies":
            names = [member for package in self._dependencies_of(element) for member in self._members[package]]
        elif own == "package":
            names = self._members[name]
        elif own == "endpoint":
            names = list(self._subjects[element])
        else:
            names = self.neighbours(name) if of == "neighbours" else [name]
        return [ElementId(f"entity:{found}") for found in names]

    def _homes(self, element: ElementId) -> list[str]:
        """Return the packages in which an element, or what it is about, lies."""
        own, _, name = element.partition(":")
        if own == "package":
            return [name]
        names = self._subjects[element] if own == "endpoint" else (name,)
        return sorted({self._entities[found].package for found in names})

    def _dependencies_of(self, element: ElementId) -> list[str]:
        """Return the packages on which those of an element depend."""
        return sorted({found for home in self._homes(element) for found in self._dependencies.get(home, ())})

    def slice_of(self, element: ElementId, reads: Mapping[Readable, Part]) -> dict[SliceItem, Digest]:
        """Return an element, the faces of those beside it, and what the rule reads besides, with digests."""
        asked = element, tuple(reads.items())
        if asked not in self._slices:
            self._slices[asked] = self._slice(element, reads)
        return self._slices[asked]

    def _slice(self, element: ElementId, reads: Mapping[Readable, Part]) -> dict[SliceItem, Digest]:
        wanted = set(self._items(element, reads))
        kept = (item for item in wanted if item.part is Part.FULL or SliceItem(item.element) not in wanted)
        return {item: self._digest(item) for item in sorted(kept)}

    def _items(self, element: ElementId, reads: Mapping[Readable, Part]) -> Iterator[SliceItem]:
        yield SliceItem.of(element, Part.FULL)
        kind, _, name = element.partition(":")
        if kind != PROJECT:
            yield SliceItem.of(PROJECT, Part.FACE)
        if kind == "entity":
            yield SliceItem.of(ElementId(f"package:{self._entities[name].package}"), Part.FACE)
            yield from (SliceItem.of(ElementId(f"entity:{other}"), Part.FACE) for other in self.neighbours(name))
            yield from (SliceItem.of(link, Part.FULL) for link in self._links[name])
        if kind == "package":
            yield from (SliceItem.of(ElementId(f"entity:{member}"), Part.FACE) for member in self._members[name])
            yield from (SliceItem.of(ElementId(f"package:{it}"), Part.FACE) for it in self._dependencies[name])
        if kind == "endpoint":
            yield from (SliceItem.of(ElementId(f"entity:{about}"), Part.FACE) for about in self._subjects[element])
        for read, part in reads.items():
            own = self.own(element, read)
            yield from self._all(read, part) if own is None else [SliceItem.of(found, part) for found in own]

    def own(self, element: ElementId, kind: Readable) -> list[ElementId] | None:
        """Return the elements of a kind that files of an element read; None: all of them."""
        reader, _, name = element.partition(":")
        if reader == "entity" and kind == "endpoint":
            return self._operations[name]
        if reader == "entity" and kind == "rules":
            return [it for it in (ElementId(f"rules:{name}"),) if it in self._cut]
        if reader == PROJECT or kind not in STATEMENTS:
            return None
        about = (self._on_path[element] or self._subjects[element]) if reader == "endpoint" else ()
        told = self._mentions.of(element, [ElementId(f"entity:{it}") for it in about])
        return [it for it in told if it.startswith(f"{kind}:")]

    def _all(self, read: Readable, part: Part) -> list[SliceItem]:
        if (read, part) not in self._every:
            self._every[read, part] = [SliceItem.of(found, part) for found in self._kinds[read]]
        return self._every[read, part]

    def _digest(self, item: SliceItem) -> Digest:
        element = self._cut[item.element]
        return element.digest if item.part is Part.FULL else element.face_digest


def endpoint_id(endpoint: Endpoint) -> ElementId:
    """Return the id of an endpoint's element."""
    return ElementId(f"endpoint:{endpoint.method} {endpoint.path}")


def endpoint_subjects(endpoint: Endpoint, segments: Mapping[str, Entity], names: Names) -> tuple[str, ...]:
    """Return the entities that an endpoint is about: of its path, held by its bodies, and mentioned by its words."""
    fields = (*endpoint.request, *endpoint.response)
    held = (kind.entity for field in fields for kind in _parts(field.type) if kind.entity)
    texts = (endpoint.description, *(why for _, why in endpoint.errors), *(field.name for field in fields))
    mentioned = (it.partition(":")[2] for text in texts for it in names.found(gonames.words(text)))
    return tuple(dict.fromkeys((*subjects_of(endpoint.path, segments), *held, *mentioned)))


def _types(entity: Entity) -> Iterator[Type]:
    for attribute in entity.attributes:
        yield from _parts(attribute.type)


def _parts(kind: Type) -> Iterator[Type]:
    found: Type | None = kind
    while found is not None:
        yield found
        found = found.item
