"""The parts of a document about data: attributes, entities, relationships."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from gocreator.fcs.leaf import Flag, ListOrMapping, Scalar, Text, TextOr, Texts, Whole, null_is_empty


class Part(BaseModel):
    """A mapping of a document; a key that it does not know is a mistake, which `structure` words."""

    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra={"additionalProperties": False})

    more: ClassVar[str] = ""
    """An expression for further keys that are known."""


class AttributeDoc(Part):
    """An attribute of an entity, or a field of a request or a response, with what must hold for its values."""

    name: Text = Field("", description="Its name, where attributes are given as a list.")
    attribute: Text = Field("", description="Another spelling of `name`.")
    type: Text = Field(
        "",
        description="Its type: uuid, string, text, int, int32, int64, float, decimal, bool, timestamp, date, duration, "
        "bytes, url, email, json, enum(a|b), the name of an entity, []T, map[string]T; `?` makes it optional.",
    )
    description: Text = Field("", description="What it means, in a sentence.")
    required: Flag = Field(
        None,
        description="The value must be given and not be empty. By default true for text, dates and times without `?` "
        "and without default.",
    )
    unique: Flag = Field(None, description="No two records have the same value.")
    default: Scalar = Field(None, description="The value taken where a creator gives none.")
    min: Scalar = Field(None, description="The least value of a number, a time or a duration.")
    max: Scalar = Field(None, description="The greatest value of a number, a time or a duration.")
    length: Text = Field("", description='The exact length, such as 36, or a range, such as "3..50".')
    min_length: Whole = Field(None, description="The least number of characters, bytes or items.")
    max_length: Whole = Field(None, description="The greatest number of characters, bytes or items.")
    min_length_camel: Whole = Field(None, alias="minLength", description="Another spelling of `min_length`.")
    max_length_camel: Whole = Field(None, alias="maxLength", description="Another spelling of `max_length`.")
    pattern: Scalar = Field(None, description="An RE2 expression that must match somewhere in the value.")
    enum: list[Scalar] | None = Field(None, description="The values that a text can have.")
    example: Scalar = Field(None, description="A valid value, for tests and documentation.")
    format: Text = Field("", description="A format in the sense of JSON Schema, which makes the type more exact.")
    items: "TextOr[AttributeDoc] | None" = Field(None, description="What a list holds, in the sense of JSON Schema.")
    properties: "dict[str, TextOr[AttributeDoc]] | None" = Field(
        None, description="What an object holds, in the sense of JSON Schema."
    )


Attributes = ListOrMapping[AttributeDoc, TextOr[AttributeDoc]]
"""Attributes by name, or as a list of mappings that have names."""


class EntityDoc(Part):
    """A thing that the program keeps."""

    name: Text = Field("", description="Its name, such as User; it becomes the name of a Go type.")
    package: Text = Field("", description="The package that holds it, by name or by path. By default `models`.")
    description: Text = Field("", description="What it is, in a sentence or two.")
    attributes: Attributes = Field(
        None, description="Its attributes: a mapping of names to types, or a list. `id` is added where it is missing."
    )
    fields: Attributes = Field(None, description="Another spelling of `attributes`.")
    rules: Texts = Field(
        [],
        description="What must hold whenever one is made, changed or removed, and no constraint of an attribute says: "
        "a sentence each, such as `A closed ticket cannot be reopened.` A rule is a condition and sets no value.",
    )
    business_rules: Texts = Field([], description="Another spelling of `rules`.")
    validation_rules: Texts = Field([], description="Another spelling of `rules`.")


Entities = ListOrMapping[EntityDoc, Annotated[EntityDoc, null_is_empty(EntityDoc)]]


class RelationshipDoc(Part):
    """How records of one entity refer to records of another."""

    source: Text = Field("", alias="from", description="The entity that refers.")
    target: Text = Field("", alias="to", description="The entity that is referred to.")
    type: Text = Field(
        "",
        description="one_to_one, one_to_many, many_to_one, many_to_many; also 1:n, belongs_to, has_many and the like.",
    )
    description: Text = Field("", description="What it means; the name of an attribute of `from` is taken as `via`.")
    via: Text = Field("", description="The attribute of `from` that holds the key of `to`.")


class DataModelDoc(Part):
    """Where the original format keeps entities."""

    entities: Entities = Field(None, description="The entities.")
    relationships: list[RelationshipDoc] | None = Field(None, description="The relationships between entities.")


class FieldsDoc(Part):
    """A request or a response whose fields stand under `fields`."""

    fields: Attributes = Field(None, description="The fields: a mapping of names to types, or a list.")
    description: Text = Field("", description="What it means.")


class ErrorDoc(Part):
    """A documented error of an endpoint."""

    status: Whole = Field(None, description="The HTTP status, 400 to 599.")
    code: Whole = Field(None, description="Another spelling of `status`.")
    description: Text = Field("", description="When it is answered.")
    message: Text = Field("", description="Another spelling of `description`.")
