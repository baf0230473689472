"""Turn entities and relationships of a document into canonical ones."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from gocreator import gonames
from gocreator.fcs.attributes import describe, read_attributes
from gocreator.fcs.document import Document
from gocreator.fcs.document_parts import EntityDoc, RelationshipDoc
from gocreator.fcs.model import Attribute, Cardinality, Entity, Relationship
from gocreator.fcs.naming import Named, distinct, named
from gocreator.fcs.report import ROOT, At, Report
from gocreator.fcs.type_table import BY_NAME
from gocreator.fcs.types import close


@dataclass(frozen=True)
class Draft:
    """An entity before its package is known, with the places of its attributes' names."""

    thing: Named[EntityDoc]
    attributes: tuple[Attribute, ...]
    places: Mapping[str, At]

    @property
    def rules(self) -> tuple[str, ...]:
        """Return its rules from all spellings of the key, each in one line and once."""
        doc = self.thing.doc
        said = (" ".join(text.split()) for text in (*doc.rules, *doc.business_rules, *doc.validation_rules))
        return tuple(dict.fromkeys(said))


_CARDINALITIES: Mapping[str, Cardinality] = {
    **dict.fromkeys("onetoone 11 hasone 1to1 isa".split(), "one_to_one"),
    **dict.fromkeys("onetomany 1n 1m 1* hasmany 1ton 1tomany contains owns".split(), "one_to_many"),
    **dict.fromkeys("manytoone n1 m1 *1 belongsto nto1 manyto1 references refersto".split(), "many_to_one"),
    **dict.fromkeys("manytomany nm mn nn mm ** hasandbelongstomany ntom ntomany".split(), "many_to_many"),
}
_SPELLINGS = ("one_to_one", "one_to_many", "many_to_one", "many_to_many", "belongs_to", "has_many", "has_one")


def read_entities(document: Document, report: Report) -> list[Draft]:
    """Return the entities of both places with their attributes, by name."""
    things = named(document.entities, ROOT / "entities", "entity", report)
    if document.data_model is not None:
        things += named(document.data_model.entities, ROOT / "data_model" / "entities", "entity", report)
    entities: list[Named[EntityDoc]] = distinct(things, "entity", report)
    names = {entity.name for entity in entities}
    drafts = [_draft(entity, names, report) for entity in entities]
    return sorted(drafts, key=lambda draft: draft.thing.name)


def _draft(entity: Named[EntityDoc], names: set[str], report: Report) -> Draft:
    """Read the attributes of an entity, from both spellings of the key."""
    both = (("attributes", entity.doc.attributes), ("fields", entity.doc.fields))
    things, attributes = read_attributes([(value, entity.at / key) for key, value in both if value], names, report)
    return Draft(entity, tuple(attributes), {thing.name: thing.name_at for thing in things})


def read_relationships(document: Document, entities: Sequence[Entity], report: Report) -> tuple[Relationship, ...]:
    """Return the relationships of both places, each once."""
    docs = [(doc, ROOT / "relationships" / index) for index, doc in enumerate(document.relationships or [])]
    if document.data_model is not None:
        at = ROOT / "data_model" / "relationships"
        docs += [(doc, at / index) for index, doc in enumerate(document.data_model.relationships or [])]
    by_name = {entity.name: entity for entity in entities}
    found: dict[tuple[str, str, str, str], Relationship] = {}
    for doc, at in docs:
        relationship = _relationship(doc, at, by_name, report)
        if relationship is not None:
            key = (relationship.source, relationship.target, relationship.via, relationship.type)
            if key not in found or not found[key].description:
                found[key] = relationship
    return tuple(found[key] for key in sorted(found))


def _relationship(doc: RelationshipDoc, at: At, entities: Mapping[str, Entity], report: Report) -> Relationship | None:
    """Make a relationship whose ends exist."""
    ends = [_end(name, at / key, entities, report) for key, name in (("from", doc.source), ("to", doc.target))]
    cardinality = _cardinality(doc.type, at / "type", report)
    source, target = ends
    if source is None or target is None or cardinality is None:
        return None
    held_by_target = cardinality == "one_to_many" and _key_of(source, target, doc)
    if held_by_target:
        # `User has many Post by user_id` is `Post belongs to User by user_id`, seen from the other end.
        source, target, cardinality = target, source, "many_to_one"
    via = held_by_target or _via(doc, at, source, target, report)
    description = "" if doc.description == via else doc.description
    return Relationship(source=source.name, target=target.name, type=cardinality, via=via, description=description)


def _end(name: str, at: At, entities: Mapping[str, Entity], report: Report) -> Entity | None:
    """Find an end of a relationship."""
    if not name:
        report.error(at, f"the relationship has no `{at.loc[-1]}`", "write the name of an entity")
    elif name not in entities:
        report.missing(
            at, f"there is no entity `{name}`", close(name, entities, otherwise="declare it under `entities`")
        )
    return entities.get(name)


def _cardinality(text: str, at: At, report: Report) -> Cardinality | None:
    """Read the type of a relationship in any spelling."""
    found = _CARDINALITIES.get(re.sub(r"[^a-z0-9*]", "", text.lower()))
    if found is None:
        message = f"`{text}` is no type of a relationship" if text else "the relationship has no type"
        near = get_close_matches(text.lower(), _SPELLINGS, n=1)
        report.error(at, message, f"did you mean `{near[0]}`?" if near else "types are " + ", ".join(_SPELLINGS[:4]))
    return found


def _key_of(owner: Entity, holder: Entity, doc: RelationshipDoc) -> str:
    """Return the attribute of the other end that holds the key, where one does."""
    for name in (doc.via, doc.description, f"{gonames.snake(owner.name)}_id"):
        attribute = _attribute(holder, name)
        if attribute is not None and _holds_key(attribute, owner):
            return attribute.name
    return ""


def _via(doc: RelationshipDoc, at: At, source: Entity, target: Entity, report: Report) -> str:
    """Return the attribute that holds the key: given, named by the description, or guessed."""
    if doc.via:
        attribute = next((item for item in source.attributes if item.name == doc.via), None)
        if attribute is None:
            names = [item.name for item in source.attributes]
            hint = close(doc.via, names, otherwise=f"attributes of {source.name} are " + ", ".join(names))
            report.missing(at / "via", f"`{source.name}` has no attribute `{doc.via}`", hint)
        elif not _holds_key(attribute, target):
            kind = describe(target.key.type)
            message = (
                f"`{source.name}.{doc.via}` is {describe(attribute.type)}, but the key of `{target.name}` is {kind}"
            )
            report.error(at / "via", message, f"make it {kind}")
        return doc.via
    for name in (doc.description, f"{gonames.snake(target.name)}_id"):
        attribute = _attribute(source, name)
        if attribute is not None and _holds_key(attribute, target):
            return attribute.name
        if attribute is not None:
            message = f"`{source.name}.{attribute.name}` was not taken as the key of `{target.name}`: it is "
            message += f"{describe(attribute.type)}, not {describe(target.key.type)}"
            report.warn(at, message, "give both the same type, or say `via`")
    return ""


def _attribute(entity: Entity, name: str) -> Attribute | None:
    """Find an attribute by name, or by another spelling of the name."""
    words = gonames.snake(name)
    return next(
        (item for item in entity.attributes if item.name == name or (words and gonames.snake(item.name) == words)), None
    )


def _holds_key(attribute: Attribute, target: Entity) -> bool:
    """Tell whether the values of an attribute can be keys of an entity, or lists of keys."""
    kind = attribute.type
    if kind.base == "list" and kind.item is not None:
        kind = kind.item
    row, key = BY_NAME.get(kind.base), BY_NAME.get(target.key.type.base)
    return row is not None and key is not None and row.go == key.go
