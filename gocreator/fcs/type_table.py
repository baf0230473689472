"""The one table of attribute types: their names, aliases, and counterparts in Go, JSON and SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TypeRow:
    """A type that an attribute can have."""

    name: str
    """The canonical name, which `model.Type.base` holds."""
    go: str
    json: Mapping[str, Any]
    """Its JSON Schema."""
    sql: str
    description: str
    aliases: tuple[str, ...] = field(default=())
    """Other spellings; lower case, words separated by one space."""


def _row(name: str, go: str, json: dict[str, Any], sql: str, description: str, aliases: str) -> TypeRow:  # noqa: PLR0913, PLR0917 - a table
    """Make a row; aliases are separated by commas."""
    return TypeRow(name, go, json, sql, description, tuple(alias.strip() for alias in aliases.split(",") if alias))


TABLE: tuple[TypeRow, ...] = (
    _row(
        "uuid",
        "string",
        {"type": "string", "format": "uuid"},
        "UUID",
        "A universally unique identifier, in its canonical text form.",
        "guid, id, uuid.uuid, uuidv4, uuid4, uuid v4, unique id, unique identifier, identifier, object id",
    ),
    _row(
        "string",
        "string",
        {"type": "string"},
        "VARCHAR",
        "A line of text.",
        "str, varchar, nvarchar, char, nchar, character varying, character, bpchar, slug, label, short text",
    ),
    _row(
        "text",
        "string",
        {"type": "string"},
        "TEXT",
        "Text of any length.",
        "longtext, mediumtext, tinytext, clob, markdown, long text, free text, multiline text, multi line text, citext",
    ),
    _row(
        "int",
        "int",
        {"type": "integer"},
        "BIGINT",
        "A whole number of the machine's size (64 bits).",
        "integer, whole number, count, counter, serial, uint",
    ),
    _row(
        "int32",
        "int32",
        {"type": "integer", "format": "int32"},
        "INTEGER",
        "A whole number of 32 bits.",
        "int4, smallint, tinyint, mediumint, int16, int2, rune, uint16",
    ),
    _row(
        "int64",
        "int64",
        {"type": "integer", "format": "int64"},
        "BIGINT",
        "A whole number of 64 bits.",
        "int8, bigint, long, bigserial, uint32, uint64",
    ),
    _row(
        "float",
        "float64",
        {"type": "number"},
        "DOUBLE PRECISION",
        "A floating point number; not for money.",
        "float64, float32, double, double precision, real, number, percent, percentage, floating point number",
    ),
    _row(
        "decimal",
        "decimal.Decimal",
        {"type": "string", "format": "decimal"},
        "NUMERIC",
        "An exact decimal number, such as an amount of money.",
        "numeric, money, currency, price, amount, decimal number, decimal.decimal, bigdecimal, monetary amount",
    ),
    _row(
        "bool",
        "bool",
        {"type": "boolean"},
        "BOOLEAN",
        "True or false.",
        "boolean, bit, flag, yes/no, true/false, true or false, yes or no",
    ),
    _row(
        "timestamp",
        "time.Time",
        {"type": "string", "format": "date-time"},
        "TIMESTAMPTZ",
        "A moment in time.",
        "time.time, datetime, date time, date and time, timestamptz, timestamp with time zone, "
        "timestamp without time zone, time, instant, moment, point in time",
    ),
    _row(
        "date",
        "civil.Date",
        {"type": "string", "format": "date"},
        "DATE",
        "A day of the calendar, without time and zone.",
        "civil.date, day, calendar date, birthday",
    ),
    _row(
        "duration",
        "time.Duration",
        {"type": "integer", "format": "int64"},
        "BIGINT",
        "A length of time, written as Go does: 1h30m; nanoseconds in JSON.",
        "time.duration, interval, timespan, time span, length of time",
    ),
    _row(
        "bytes",
        "[]byte",
        {"type": "string", "contentEncoding": "base64"},
        "BYTEA",
        "Binary data.",
        "blob, binary, varbinary, bytea, binary data, byte array, longblob, mediumblob",
    ),
    _row(
        "url",
        "string",
        {"type": "string", "format": "uri"},
        "TEXT",
        "An absolute URL.",
        "uri, link, web address, url.url, website, hyperlink",
    ),
    _row(
        "email",
        "string",
        {"type": "string", "format": "email"},
        "TEXT",
        "An e-mail address.",
        "e mail, mail, email address, e mail address, mail address",
    ),
    _row(
        "json",
        "json.RawMessage",
        {},
        "JSONB",
        "Any JSON value.",
        "jsonb, object, any, interface{}, json.rawmessage, json object, struct, hash, dict, key value pairs",
    ),
)
"""Beside these, a type can be an enum, a reference to an entity, a list or a map (`model.Type`)."""

BY_NAME: Mapping[str, TypeRow] = {row.name: row for row in TABLE}
BY_SPELLING: Mapping[str, TypeRow] = {spelling: row for row in TABLE for spelling in (row.name, *row.aliases)}

TEXTUAL = frozenset(["string", "text", "url", "email"])
"""Bases whose values are text that somebody writes."""
NUMERIC = frozenset(["int", "int32", "int64", "float", "decimal"])
ORDERED = NUMERIC | {"timestamp", "date", "duration"}
"""Bases whose values can have a least and a greatest."""
SIZED = TEXTUAL | {"bytes", "list", "map"}
"""Bases whose values have a length."""
