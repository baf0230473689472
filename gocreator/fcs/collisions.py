"""Refuse names that are different in a specification and the same in Go."""

from collections.abc import Mapping, Sequence

from gocreator import gonames
from gocreator.fcs.attributes import check_name
from gocreator.fcs.entities import Draft
from gocreator.fcs.model import Entity
from gocreator.fcs.report import At, Report

_METHODS = frozenset(["AsParams", "Clone", "Validate"])
"""Methods that every entity has, so that no field can have their name."""


def check_names(drafts: Sequence[Draft], entities: Sequence[Entity], report: Report) -> None:
    """Check the names of entities and attributes, and what becomes of them in Go."""
    places = {draft.thing.name: draft.thing.name_at for draft in drafts}
    for draft in drafts:
        name = draft.thing.name
        if gonames.is_identifier(name):
            check_name(draft.thing, "entity", report)
        else:
            better = gonames.exported(name.lstrip("0123456789_ ")) or "Thing"
            report.error(draft.thing.name_at, f"`{name}` is no identifier of Go", f"rename the entity to `{better}`")
    _check_files(entities, places, report)
    for package in sorted({entity.package for entity in entities}):
        _check_package([entity for entity in entities if entity.package == package], places, report)
    for draft in drafts:
        _check_attributes(draft, report)


def _check_files(entities: Sequence[Entity], places: Mapping[str, At], report: Report) -> None:
    """Refuse entities whose types or files would have one name."""
    seen: dict[str, str] = {}
    for entity in entities:
        first = seen.setdefault(gonames.file_stem(entity.name), entity.name)
        if first == entity.name:
            first = seen.setdefault(f"{entity.name.lower()}.json", entity.name)
        if first != entity.name:
            message = f"the entities `{first}` and `{entity.name}` would have the same file in Go"
            report.error(places[entity.name], message, "rename one of them")


def _check_package(entities: Sequence[Entity], places: Mapping[str, At], report: Report) -> None:
    """Refuse two declarations of one name in a package."""
    seen: dict[str, tuple[str, str]] = {}
    for entity in entities:
        for identifier, what in declared_by(entity):
            first = seen.setdefault(identifier, (entity.name, what))
            if first != (entity.name, what):
                message = f"{what} of `{entity.name}` would be `{identifier}` in Go, as {first[1]} of `{first[0]}` is"
                report.error(places[entity.name], message, "rename one of them")
                break


def members_of(entity: Entity) -> list[tuple[str, str]]:
    """Return the methods and fields of an entity's type, as `Type.Name`."""
    name = gonames.exported(entity.name)
    found = [(f"{name}.{method}", f"a method of `{entity.name}`") for method in sorted(_METHODS)]
    return found + [
        (f"{name}.{gonames.exported(attribute.name)}", f"the attribute `{attribute.name}` of `{entity.name}`")
        for attribute in entity.attributes
    ]


def declared_by(entity: Entity) -> list[tuple[str, str]]:
    """Return the identifiers that an entity declares in its package."""
    name = gonames.exported(entity.name)
    found = [(name, "the type"), (f"{name}Params", "the parameters"), (f"New{name}", "the constructor")]
    for attribute in entity.attributes:
        kind = attribute.type
        while kind.item is not None:
            kind = kind.item
        if kind.base == "enum":
            enum = gonames.enum_type(name, attribute.name, several=kind is not attribute.type)
            found.append((enum, f"the enum `{attribute.name}`"))
            found += [
                (enum + gonames.exported(value), f"the value `{value}` of `{attribute.name}`") for value in kind.values
            ]
    return found


def _check_attributes(draft: Draft, report: Report) -> None:
    """Refuse attributes whose fields would have one name."""
    seen: dict[str, str] = {}
    for attribute in draft.attributes:
        at = draft.places.get(attribute.name, draft.thing.name_at)
        field = gonames.exported(attribute.name)
        first = seen.setdefault(field, attribute.name)
        if first != attribute.name:
            message = f"the attributes `{first}` and `{attribute.name}` would have the same field `{field}` in Go"
            report.error(at, message, "rename one of them")
        if field in _METHODS:
            report.error(at, f"the field `{field}` would hide a method of the same name", "rename the attribute")
