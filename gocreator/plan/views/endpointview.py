"""What templates see of an endpoint: its pattern, what it does, and the Go of one that only its author knows."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from gocreator import gonames
from gocreator.fcs.matching import by_segment, forms
from gocreator.fcs.mentions import entity_names
from gocreator.fcs.model import Attribute, Endpoint, Fcs, Field, Type
from gocreator.plan.gocode.literals import Place, go_type
from gocreator.plan.golayout import clean
from gocreator.plan.slices import endpoint_subjects
from gocreator.plan.views.entityface import FaceView, own_file
from gocreator.plan.views.packageview import PackageView
from gocreator.plan.views.prose import begins_with, described, listed, paragraph, with_article

_ON_ITEM = {"GET": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_ON_ALL = {"GET": "list", "POST": "create"}
_WITH_BODY = ("POST", "PUT", "PATCH")
BUILTIN = ("/healthz", "/readyz", "/openapi.json")
_VERBS = {"POST": "create"}
"""How an operation is called where its method does not say it."""


@dataclass(frozen=True)
class BodyField:
    """A field of the request or the response of a custom endpoint."""

    field: Field
    place: Place

    @property
    def attribute(self) -> Attribute:
        """Return it as an attribute, enums as texts: a body declares no types of its own."""
        field = self.field
        kind = _without_enums(field.type)
        return Attribute(name=field.name, type=kind, required=field.required, description=field.description)

    @property
    def json(self) -> str:
        """Return its name in JSON."""
        return self.field.name

    @property
    def name(self) -> str:
        """Return its name in Go."""
        return gonames.exported(self.field.name)

    @property
    def type(self) -> str:
        """Return its type in Go."""
        return go_type(self.place, self.attribute)

    @property
    def tag(self) -> str:
        """Return the struct tag, between backquotes."""
        return f'`json:"{self.json}{",omitempty" if self.field.type.optional else ""}"`'

    @property
    def doc(self) -> str:
        """Return its comment."""
        text = described(self.name, self.field.description)
        values = next((kind.values for kind in (self.field.type, self.field.type.item) if kind and kind.values), ())
        subject = "It" if begins_with(self.name, text) else self.name
        rule = f"{subject} is one of {', '.join(values)}." if values else ""
        return " ".join(part for part in (text, rule) if part)


@dataclass(frozen=True)
class EndpointView:
    """An operation that is offered over HTTP."""

    endpoint: Endpoint
    about: tuple[FaceView, ...] = ()
    """The entities that its path and its bodies speak of."""
    name: str = ""
    """The Go name of a custom endpoint, such as `PublishPost`."""

    @property
    def method(self) -> str:
        """Return the method."""
        return self.endpoint.method

    @property
    def path(self) -> str:
        """Return the path with its parameters in braces."""
        return self.endpoint.path

    @property
    def method_constant(self) -> str:
        """Return the method as a constant of net/http."""
        return f"http.Method{self.method.capitalize()}"

    @property
    def pattern(self) -> str:
        """Return the pattern by which Go's router matches it and nothing below it."""
        return f"{self.method} {'/{$}' if self.path == '/' else self.path}"

    @property
    def description(self) -> str:
        """Return what it does."""
        return self.endpoint.description

    @property
    def entity(self) -> str:
        """Return the entity that it works on; empty for a custom endpoint."""
        return self.endpoint.entity

    @property
    def builtin(self) -> bool:
        """Tell whether the router serves it of itself: a health check, or the OpenAPI document."""
        plain = self.method == "GET" and self.path in BUILTIN
        return plain and not (self.endpoint.request or self.endpoint.response)

    @property
    def custom(self) -> bool:
        """Tell whether only its author knows what it does."""
        return not (self.operation or self.builtin)

    @property
    def operation(self) -> str:
        """Return `list`, `create`, `get`, `update`, `patch` or `delete`; empty for a custom endpoint."""
        if not self.entity:
            return ""
        return (_ON_ITEM if self.path.endswith("}") else _ON_ALL).get(self.method, "")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of the parameters of its path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def owners(self) -> Mapping[str, str]:
        """Return the entity whose key a parameter is, for those that stand behind its name: `/users/{id}`."""
        segments = self.path.strip("/").split("/")
        pairs = itertools.pairwise(segments)
        return {
            after[1:-1]: face.element
            for before, after in pairs
            for face in self.about
            if after.startswith("{") and re.sub(r"[^a-z0-9]", "", before.lower()) in forms(face.element)
        }

    @property
    def parameter(self) -> str:
        """Return the name of the last parameter of its path."""
        return self.path.rpartition("{")[2].removesuffix("}")

    def example(self, key: str) -> str:
        """Return its path with a key for every parameter."""
        return re.sub(r"\{\w+\}", key, self.path)

    @property
    def handler(self) -> str:
        """Return the type that serves it, if it is custom."""
        return f"{self.name}Handler"

    @property
    def file(self) -> str:
        """Return the name of its file without ending, if it is custom."""
        return own_file(self.name)

    @property
    def has_body(self) -> bool:
        """Tell whether its request has a body."""
        return self.method in _WITH_BODY and bool(self.endpoint.request)

    @property
    def request(self) -> tuple[BodyField, ...]:
        """Return the fields of its request: of its body, or else of its query."""
        return self._fields(self.endpoint.request)

    @property
    def response(self) -> tuple[BodyField, ...]:
        """Return the fields of its response."""
        return self._fields(self.endpoint.response)

    @property
    def doc(self) -> str:
        """Return the comment of its handler: all that it promises."""
        parts = [paragraph(self.description), self._asks(), self._answers()]
        subject = f"{self.handler} serves {self.method} {self.path}."
        text = " ".join(part for part in parts[:1] if part and not begins_with(self.handler, part))
        promises = " ".join(part for part in parts[1:] if part)
        return "\n\n".join((f"{subject} {text}".strip(), promises))

    @property
    def imports(self) -> tuple[PackageView, ...]:
        """Return the packages of what it is about."""
        return tuple({face.package.import_path: face.package for face in self.about}.values())

    def _asks(self) -> str:
        if self.has_body:
            return f"It reads the body with web.Decode into {with_article(self.name)}Request."
        if self.endpoint.request:
            return f"Its query has {', '.join(field.json for field in self.request)}."
        return ""

    def _answers(self) -> str:
        success = f"200 and {with_article(self.name)}Response" if self.endpoint.response else "204"
        errors = [
            f"{status} ({clean(why).rstrip('.')})" if why else f"{status}" for status, why in self.endpoint.errors
        ]
        known = f", among them {listed(errors)}" if errors else ""
        return f"It responds with {success}, and to errors with web.WriteError{known}."

    def _fields(self, fields: tuple[Field, ...]) -> tuple[BodyField, ...]:
        packages = tuple((face.element, f"{face.package.name}.") for face in self.about)
        return tuple(BodyField(field, Place(self.name, "", packages)) for field in fields)


def endpoint_views(fcs: Fcs, faces: Mapping[str, FaceView]) -> tuple[EndpointView, ...]:
    """Return what templates see of all endpoints; no two custom ones, and no entity, have the same name."""
    segments, names = by_segment(fcs.entities), entity_names(fcs.entities)
    short = Counter(_name(endpoint, segments) for endpoint in fcs.endpoints if not endpoint.entity)
    taken = {face.name for face in faces.values()}
    found = []
    for endpoint in fcs.endpoints:
        about = tuple(faces[name] for name in endpoint_subjects(endpoint, segments, names))
        name = ""
        if not endpoint.entity:
            name = _name(endpoint, segments)
            if name in taken or short[name] > 1:
                name = _long_name(endpoint)  # both of them: one that comes in must not take the file of another
            name = _free(name, taken)
            taken.add(name)
        found.append(EndpointView(endpoint, about, name))
    return tuple(found)


def _name(endpoint: Endpoint, nouns: Collection[str]) -> str:
    """Return `PublishPost` for POST /posts/{id}/publish, `GetPostComments` for GET /posts/{id}/comments."""
    parts = endpoint.path.strip("/").split("/")
    literals = [
        gonames.singular(gonames.snake(part)) if after.startswith("{") else gonames.snake(part)
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
        if part and not part.startswith("{")
    ]
    literals = [part for part in literals if part and not re.fullmatch(r"api|v[0-9]+", part)]
    acts = endpoint.method == "POST" and bool(literals) and literals[-1].replace("_", "") not in nouns
    if acts and len(parts) > 1 and parts[-2].startswith("{"):
        literals = [literals[-1], *literals[:-1]]
    verb = [] if acts else [_VERBS.get(endpoint.method, endpoint.method.lower())]
    return gonames.exported("_".join([*verb, *literals]))


def _long_name(endpoint: Endpoint) -> str:
    """Return `PostPostsIDPublish` for POST /posts/{id}/publish."""
    words = [gonames.snake(part) for part in (endpoint.method, *endpoint.path.split("/"))]
    return gonames.exported("_".join(filter(None, words)))


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken, by a number if need be."""
    start = name if gonames.is_identifier(name) and name[0].isalpha() else f"Serve{name}"
    numbered = (f"{start}{number}" for number in range(2, len(taken) + 3))
    return next(found for found in (start, *numbered) if found not in taken)


def _without_enums(kind: Type) -> Type:
    if kind.base == "enum":
        return Type(base="string", optional=kind.optional)
    return kind if kind.item is None else kind.model_copy(update={"item": _without_enums(kind.item)})
