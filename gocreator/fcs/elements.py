"""Cut a specification into elements: addressable parts, each with its digest, and a face that others may rely on."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gocreator.fcs.model import Canonical, Entity, Fcs, Relationship
from gocreator.values import Digest, ElementId, digest

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\Z")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\Z", re.IGNORECASE)
"""Names that are no files on Windows."""
_PROJECT = (
    "name",
    "module",
    "title",
    "description",
    "version",
    "notes",
    "dependencies",
    "patterns",
    "success_criteria",
)


@dataclass(frozen=True)
class Element:
    """A part of a specification, by its stable id."""

    id: ElementId
    data: dict[str, Any]
    """Everything about it, as plain values in canonical form."""
    face: dict[str, Any]
    """What its neighbours may rely on."""

    @cached_property
    def json(self) -> str:
        """The data as canonical compact JSON."""
        return canonical_json(self.data)

    @cached_property
    def digest(self) -> Digest:
        """The digest of the data."""
        return digest(self.json)

    @cached_property
    def face_json(self) -> str:
        """The face as canonical compact JSON."""
        return canonical_json(self.face)

    @cached_property
    def face_digest(self) -> Digest:
        """The digest of the face."""
        return digest(self.face_json)

    @cached_property
    def kind(self) -> str:
        """The kind of the element: what stands before the colon of its id."""
        return self.id.partition(":")[0]

    @cached_property
    def name(self) -> str:
        """What stands behind the colon of its id."""
        return self.id.partition(":")[2]

    @cached_property
    def file(self) -> str:
        """A relative file name, such as `entity/User.json`, that differs on every file system from any other's."""
        return element_file(self.id)


def element_file(element: ElementId) -> str:
    """Return the file name of an element; it is known also of one that is gone."""
    kind, colon, name = element.partition(":")
    return f"{kind}/{_file_name(kind, name)}.json" if colon else f"{kind}.json"


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_json(value: Any) -> str:
    """Write plain values in the one way that equal values share."""
    return _JSON.encode(value)


def elements(fcs: Fcs) -> Mapping[ElementId, Element]:
    """Return the elements of a specification, by id, in canonical order."""
    found: dict[ElementId, Element] = {}
    for element in _all(fcs):
        found[element.id] = element
    return found


def _all(fcs: Fcs) -> Iterator[Element]:
    """Cut out one element after another."""
    said = fcs.model_dump(mode="json", exclude_defaults=True, include=set(_PROJECT))
    face = {"name": fcs.name, "module": fcs.module, "go_version": fcs.build.go_version}
    project = {key: said[key] for key in _PROJECT if key in said}
    yield Element(ElementId("project"), project | face, face)
    for entity in fcs.entities:
        # Its rules are an element of their own, because most files of an entity are none of their business.
        own = _plain(entity)
        rules = own.pop("rules", None)
        yield Element(ElementId(f"entity:{entity.name}"), own, _entity_face(entity))
        if rules:
            said = {"entity": entity.name, "rules": rules}
            yield Element(ElementId(f"rules:{entity.name}"), said, {"entity": entity.name})
    yield from _relationships(fcs.relationships)
    for endpoint in fcs.endpoints:
        face = {"method": endpoint.method, "path": endpoint.path, "entity": endpoint.entity}
        yield _element(f"endpoint:{endpoint.method} {endpoint.path}", endpoint, face)
    for package in fcs.packages:
        yield _element(f"package:{package.name}", package, {"name": package.name, "path": package.path})
    for requirement in fcs.requirements:
        yield _element(f"requirement:{requirement.id}", requirement, {"id": requirement.id})
    for scenario in fcs.scenarios:
        yield _element(f"scenario:{scenario.id}", scenario, {"id": scenario.id, "title": scenario.title})
    # Their defaults mean something, so a new default is a change.
    yield Element(ElementId("testing"), fcs.testing.model_dump(mode="json"), {"id": "testing"})
    yield Element(ElementId("build"), fcs.build.model_dump(mode="json"), {"id": "build"})


def _element(identity: str, value: Canonical, face: dict[str, Any]) -> Element:
    """Make an element of a canonical value."""
    return Element(ElementId(identity), _plain(value), face)


def _entity_face(entity: Entity) -> dict[str, Any]:
    """Return what a neighbour of an entity may rely on."""
    return {"name": entity.name, "package": entity.package, "key": _plain(entity.key.type)}


def _relationships(relationships: tuple[Relationship, ...]) -> Iterator[Element]:
    """Name relationships by their ends; where that names several, by their type too."""
    names = [_relationship_name(item) for item in relationships]
    counts = Counter(names)
    for name, item in zip(names, relationships, strict=True):
        unique = name if counts[name] == 1 else f"{name} ({item.type})"
        yield _element(f"relationship:{unique}", item, {"id": unique, "type": item.type})


def _relationship_name(item: Relationship) -> str:
    source = f"{item.source}.{item.via}" if item.via else item.source
    return f"{source}->{item.target}"


def _plain(value: Canonical) -> dict[str, Any]:
    """Return a value as plain ones; what has its default is left out, so that a new field changes no digest."""
    return value.model_dump(mode="json", exclude_defaults=True)


def _file_name(kind: str, name: str) -> str:
    """Make a file name; a short digest tells apart what only case or punctuation does."""
    usual = {"requirement": name.upper(), "scenario": name.upper(), "package": name.lower()}.get(kind, name)
    if name == usual and _SAFE.match(name) and not _DEVICE.match(name):
        return name
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40].rstrip("-")
    return f"{slug}-{digest(name)[:8]}" if slug else digest(name)[:8]
