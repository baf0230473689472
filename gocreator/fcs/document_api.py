"""The parts of a document about HTTP: endpoints, their requests, responses and errors."""

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Discriminator, Field, Tag

from gocreator.fcs.document_parts import AttributeDoc, ErrorDoc, FieldsDoc, Part
from gocreator.fcs.leaf import Ignored, ListOrMapping, Text, TextOr, shape


def _body_shape(value: Any) -> str:
    """Tell `{fields: {...}}` from a mapping of fields, one of which may be called `fields`."""
    if isinstance(value, dict) and isinstance(value.get("fields", ""), dict | list | None):
        return "<body>"
    return shape(value)


Body = (
    Annotated[
        Annotated[FieldsDoc, Tag("<body>")]
        | Annotated[dict[str, TextOr[AttributeDoc]], Tag("<mapping>")]
        | Annotated[list[AttributeDoc], Tag("<list>")]
        | Annotated[Text, Tag("<text>")],
        Discriminator(_body_shape),
    ]
    | None
)
"""Fields of a request or a response; a text only describes it."""


class EndpointDoc(Part):
    """An operation that is offered over HTTP."""

    model_config = ConfigDict(
        json_schema_extra={
            "additionalProperties": False,
            "patternProperties": {"^response_[1-5][0-9][0-9]$": {"description": "The response with this status."}},
        },
    )

    more: ClassVar[str] = r"response_[1-5][0-9]{2}\Z"

    endpoint: Text = Field("", description="Its path, or its method and path: `GET /users/{id}`.")
    path: Text = Field("", description="Another spelling of `endpoint`.")
    method: Text = Field("", description="GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.")
    description: Text = Field("", description="What it does.")
    request: Body = Field(None, description="The fields of its request. None given: all that a client may set.")
    request_body: Body = Field(None, description="Another spelling of `request`.")
    response: Body = Field(None, description="The fields that its response is sure to have. None given: all.")
    headers: ListOrMapping[Text, Ignored] = Field(None, description="Headers that matter, with their meaning.")
    errors: ListOrMapping[TextOr[ErrorDoc], Text] = Field(
        None, description='Error statuses with their meaning, such as `"404": no such user`, or a list of them.'
    )
