"""The scalars of a document: lenient about how text and numbers are written, strict about shapes."""

from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Discriminator, PlainValidator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from gocreator.source import Written


def written(value: Any) -> str:
    """Return a scalar as its author wrote it."""
    if isinstance(value, Written):
        return value.text
    return str(value).lower() if isinstance(value, bool) else str(value)


def shape(value: Any) -> str:
    """Name the shape of a value, for messages and for unions."""
    if isinstance(value, dict):
        return "<mapping>"
    if isinstance(value, list):
        return "<list>"
    return "<nothing>" if value is None else "<text>"


def said(value: Any) -> str:
    """Describe a value in a message."""
    if value is None or isinstance(value, dict | list):
        return {"<mapping>": "a mapping", "<list>": "a list", "<nothing>": "nothing"}[shape(value)]
    text = written(value)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"


def wrong(expected: str, value: Any, hint: str = "") -> PydanticCustomError:
    """Make the error of a leaf; `structure` words it."""
    context = {"message": f"expected {expected}, not {said(value)}", "hint": hint}
    return PydanticCustomError("leaf", "{message}", context)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise wrong("text", value, "write it in one line, or after `|` in indented lines")
    return "" if value is None else written(value).strip()


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [text for item in items if (text := _text(item))]


def _flag(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise wrong("true or false", value, "write true or false, without quotes")


def _number(value: Any) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise wrong("a number", value, "write digits, without quotes")


def _whole(value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise wrong("a whole number", value, "write digits, without quotes")


def _scalar(value: Any) -> Any:
    if isinstance(value, dict | list):
        raise wrong("a text, a number, true or false", value, "a list or a mapping cannot stand here: leave it out")
    return value


def null_is_empty(part: Any) -> BeforeValidator:
    """Take `null` for a mapping without keys."""
    return BeforeValidator(lambda value: {} if value is None else value, json_schema_input_type=part | None)


_ANY_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_ANY_TEXT = {"type": ["string", "number", "boolean", "null"]}

Text = Annotated[str, PlainValidator(_text), WithJsonSchema(_ANY_TEXT)]
"""Text; numbers are taken as they are written, null as empty."""
Texts = Annotated[
    list[str],
    PlainValidator(_texts),
    WithJsonSchema({"anyOf": [{"type": "array", "items": _ANY_TEXT}, _ANY_TEXT]}),
]
"""A list of text; a single text is a list of one."""
Flag = Annotated[bool | None, PlainValidator(_flag), WithJsonSchema({"type": ["boolean", "null"]})]
Number = Annotated[float | None, PlainValidator(_number), WithJsonSchema({"type": ["number", "null"]})]
Whole = Annotated[int | None, PlainValidator(_whole), WithJsonSchema({"type": ["integer", "null"]})]
Scalar = Annotated[Any, PlainValidator(_scalar), WithJsonSchema(_ANY_SCALAR)]
Ignored = Annotated[Any, PlainValidator(lambda value: value), WithJsonSchema({})]
"""Read and not used."""


def by_shape(*allowed: str) -> Discriminator:
    """Choose a member of a union by the shape of the value; the tags are no possible keys of a document."""
    names = {"<mapping>": "a mapping", "<list>": "a list", "<text>": "text"}
    expected = " or ".join(names[tag] for tag in allowed)
    message = f"expected {expected}"
    return Discriminator(shape, custom_error_type="shape", custom_error_message=message)


T = TypeVar("T")
U = TypeVar("U")

TextOr = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[Text, Tag("<nothing>")] | Annotated[T, Tag("<mapping>")],
    by_shape("<text>", "<mapping>"),
]
"""Text, or a mapping that says more; nothing is empty text."""

ListOrMapping = (
    Annotated[
        Annotated[list[T], Tag("<list>")] | Annotated[dict[str, U], Tag("<mapping>")],
        by_shape("<list>", "<mapping>"),
    ]
    | None
)
"""A list of things that have names, or a mapping of names to things."""
