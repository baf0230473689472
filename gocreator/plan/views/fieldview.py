"""What templates see of an attribute: its Go, its sentence, its checks, its trials."""

from dataclasses import dataclass
from functools import cached_property

from gocreator import gonames
from gocreator.fcs.model import Attribute, Type
from gocreator.plan.gocode.checks import Checks, checks_of, clauses
from gocreator.plan.gocode.copies import copies
from gocreator.plan.gocode.literals import NILABLE, TEXTS, Place, enum_type, go_type, literal, plain, typed, value
from gocreator.plan.gocode.samples import item_samples, lengths, sample, variants
from gocreator.plan.gocode.violations import Trial, edges, violations
from gocreator.plan.golayout import clean, goquote, goraw
from gocreator.plan.views.prose import begins_with, described, listed, with_article

METHODS = ("decimal", "timestamp")
"""Bases whose values are compared by a method."""
SERVER_MADE = ("id", "created_at", "updated_at")


@dataclass(frozen=True)
class EnumValue:
    """A value of an enum with the name of its constant."""

    const: str
    value: str


@dataclass(frozen=True)
class EnumView:
    """The type of an enum."""

    name: str
    what: str
    """What its values are, in words that go on from `is`."""
    values: tuple[EnumValue, ...]

    @property
    def receiver(self) -> str:
        """Return the receiver's name of its methods."""
        return gonames.receiver(self.name)

    @property
    def unknown(self) -> str:
        """Return a text that is none of its values."""
        return "-" * (1 + max(len(item.value) for item in self.values))


@dataclass(frozen=True)
class FieldView:
    """An attribute of an entity. Properties that begin with `test_` hold Go as tests in other packages write it."""

    attribute: Attribute
    inner: Place
    outer: Place
    receiver: str
    reference_key: str
    """Where the field refers to an entity: its key as a literal, for fixtures."""

    @property
    def json(self) -> str:
        """Return its name in JSON, which is that of the specification."""
        return self.attribute.name

    @property
    def name(self) -> str:
        """Return the exported name of the struct's field."""
        return gonames.exported(self.attribute.name)

    @property
    def base(self) -> str:
        """Return the canonical name of its type (`fcs.types`), without its optional mark."""
        return self.attribute.type.base

    @property
    def words(self) -> str:
        """Return its name as a sentence has it."""
        return gonames.sentence(self.attribute.name)

    @property
    def type(self) -> str:
        """Return its Go type."""
        return go_type(self.inner, self.attribute)

    @property
    def pointer(self) -> bool:
        """Tell whether it is a pointer only because it is optional."""
        return self.optional and self.base not in NILABLE

    @property
    def optional(self) -> bool:
        """Tell whether it may be absent."""
        return self.attribute.type.optional

    @property
    def required(self) -> bool:
        """Tell whether an empty value breaks a rule."""
        return self.attribute.required

    @property
    def unique(self) -> bool:
        """Tell whether no two records may share its value."""
        return self.attribute.unique

    @property
    def server_made(self) -> bool:
        """Tell whether the constructor or the store sets it, and no caller does."""
        return self.attribute.name in SERVER_MADE

    @property
    def tag(self) -> str:
        """Return the struct tag, between backquotes."""
        return f'`json:"{self.json}{",omitempty" if self.optional else ""}"`'

    @property
    def has_default(self) -> bool:
        """Tell whether it has a value where the creator gives none."""
        return self.attribute.default is not None and not self.server_made

    @property
    def by_pointer(self) -> bool:
        """Tell whether the params hold a pointer that the entity does not, to know what was not given."""
        return self.has_default and not self.optional and self.base not in NILABLE

    @property
    def param_type(self) -> str:
        """Return the type that the params have for it."""
        return f"*{self.type}" if self.by_pointer else self.type

    @property
    def outer_param_type(self) -> str:
        """Return the type that the params have for it, as other packages write it."""
        name = go_type(self.outer, self.attribute)
        return f"*{name}" if self.by_pointer else name

    @property
    def param_pointer(self) -> bool:
        """Tell whether the params hold a pointer to a plain value."""
        return self.pointer or self.by_pointer

    @property
    def emptied(self) -> bool:
        """Tell whether the constructor makes it empty where it would be nil, so that JSON has no null."""
        plain_nil = self.base in ("list", "map", "bytes") and not (self.optional or self.required or self.has_default)
        return plain_nil and not self.attribute.min_length

    @property
    def empty(self) -> str:
        """Return an empty value of it inside its package."""
        return f"{self.type}{{}}"

    @cached_property
    def checks(self) -> Checks:
        """Return the rules that Validate checks."""
        return checks_of(self.inner, self.attribute, f"{self.receiver}.{self.name}")

    @property
    def initial(self) -> str:
        """Return what the constructor's literal sets it to; empty where the zero value stays."""
        if self.json == "id":
            return "uuid.New()" if self.base in TEXTS else ""
        if self.server_made:
            return "now"
        return self.default if self.by_pointer else f"params.{self.name}"

    @property
    def default(self) -> str:
        """Return the default as a literal of its type, inside its package."""
        return self._default(self.inner)

    @property
    def test_default(self) -> str:
        """Return the default as an operand or one of several arguments, outside of its package."""
        text = self._default(self.outer)
        return text.replace(" * ", "*") if self.base == "duration" else text

    @property
    def default_typed(self) -> str:
        """Return the default so that `x := default` gives x the plain type."""
        return typed(self.inner, self.attribute, self.default)

    @property
    def doc(self) -> str:
        """Return its comment: what it is, and every rule that it keeps."""
        text = described(self.name, self.attribute.description)
        rules = [] if self.server_made else clauses(self.inner, self.attribute)
        if not rules:
            return text
        subject = "It" if begins_with(self.name, text) else self.name
        return f"{text} {subject} {listed(rules)}.".strip()

    @property
    def param_doc(self) -> str:
        """Return its comment in the params: what happens where it is not given."""
        if not self.has_default:
            return ""
        shown = plain(value(self.attribute.type, self.attribute.default), self.attribute.type)
        if self.base in TEXTS or self.base == "enum":
            shown = goquote(shown)
        return f"{self.name} defaults to {shown} if it is nil."

    @property
    def enum(self) -> EnumView | None:
        """Return the type of its values, or of its items, where that is an enum."""
        kind = self.attribute.type
        while kind.item is not None:
            kind = kind.item
        if kind.base != "enum":
            return None
        name = enum_type(self.inner, self.attribute)
        owner = with_article(self.inner.entity)
        what = f"the {self.words} of {owner}" if kind is self.attribute.type else f"one of the {self.words} of {owner}"
        return EnumView(name, what, tuple(EnumValue(name + gonames.exported(item), item) for item in kind.values))

    @cached_property
    def sample(self) -> str:
        """Return a valid value as tests write it; `nil` for a reference that may be absent."""
        kind = self.attribute.type
        if kind.base == "entity":
            return "nil" if not self.required else f"&{self.test_reference}"
        if kind.base in ("list", "map"):
            return _Composite(self).of(kind, max(1, lengths(self.attribute)[0]))
        return literal(self.outer, self.attribute, sample(self.inner.entity, self.attribute))

    @cached_property
    def copies(self) -> tuple[str, ...]:
        """Return statements that make the field of `clone` its own; empty where copying the struct is enough."""
        return tuple(copies(self.attribute.type, f"clone.{self.name}"))

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """Return different valid values as tests write them, the sample first; at most three."""
        if self.base in ("list", "map", "entity", "json"):
            return (self.sample,)
        found = variants(self.inner.entity, self.attribute, 3)
        return tuple(typed(self.outer, self.attribute, literal(self.outer, self.attribute, item)) for item in found)

    def same(self, one: str, other: str) -> str:
        """Return the condition that it has the same value, and one, in two variables."""
        left, right = f"{one}.{self.name}", f"{other}.{self.name}"
        if self.pointer:
            plain = self._same(f"*{left}", f"*{right}").replace("*", "", 1) if self.base in METHODS else ""
            return f"{left} != nil && {right} != nil && {plain or f'*{left} == *{right}'}"
        both = f"{left} != nil && " if self.optional else ""
        return both + self._same(left, right)

    def _same(self, left: str, right: str) -> str:
        match self.base:
            case "bytes" | "json":
                return f"bytes.Equal({left}, {right})"
            case "decimal":
                return f"{left}.Cmp({right}) == 0"
            case "timestamp":
                return f"{left}.Equal({right})"
            case "list" | "map" | "entity":
                return f"reflect.DeepEqual({left}, {right})"
        return f"{left} == {right}"

    @property
    def sample_typed(self) -> str:
        """Return the sample so that `x := sample` gives x the plain type."""
        return typed(self.outer, self.attribute, self.sample)

    @property
    def variable(self) -> str:
        """Return the name of a local variable that holds its sample."""
        return gonames.unexported(f"{gonames.snake(self.attribute.name)}_value")

    @property
    def test_reference(self) -> str:
        """Return an entity that it can refer to, known by its key alone."""
        kind = self.attribute.type
        while kind.item is not None:
            kind = kind.item
        return f"{self.outer.reference(kind.entity)}{{ID: {self.reference_key}}}"

    @cached_property
    def violations(self) -> tuple[Trial, ...]:
        """Return changes that break its rules, each one rule."""
        return tuple(violations(self.outer, self.attribute, self.name))

    @cached_property
    def edges(self) -> tuple[Trial, ...]:
        """Return changes to values that only just keep its rules."""
        return tuple(edges(self.outer, self.attribute, self.name))

    @property
    def bad_param(self) -> tuple[str, ...]:
        """Return statements that break a rule of it in `params`."""
        lines = self.violations[0].on("params")
        return tuple(f"*{line}" for line in lines) if self.by_pointer else lines

    @property
    def present_reference(self) -> str:
        """Return a reference that is not nil."""
        return f"&{self.test_reference}"

    def unlike_default(self, got: str) -> str:
        """Return the condition that a value is not the default."""
        want = self.test_default
        match self.base:
            case "decimal":
                return f"{got.removeprefix('*')}.Cmp({want}) != 0"
            case "timestamp":
                return f"!{got.removeprefix('*')}.Equal({want})"
            case "date":
                return f"{got} != ({want})"
            case "json":
                return f"string({got}) != {goraw(str(self.attribute.default))}"
            case "bool":
                return f"!{got}" if self.attribute.default else got
        return f"{got} != {want}"

    @property
    def title(self) -> str:
        """Return its description, one line."""
        return clean(self.attribute.description)

    def _default(self, place: Place) -> str:
        return literal(place, self.attribute, value(self.attribute.type, self.attribute.default))


class _Composite:
    """Writes lists and maps of samples as `gofmt -s` has them."""

    def __init__(self, field: FieldView) -> None:
        self.field = field

    def of(self, kind: Type, count: int, *, elided: bool = False) -> str:
        """Return a composite literal; inside of another one its type is left out."""
        items = self.items(kind.item or kind, count)
        keys = ["key", *(f"key{number}" for number in range(2, count + 1))]
        cells = items if kind.base == "list" else [f'"{key}": {item}' for key, item in zip(keys, items, strict=False)]
        name = "" if elided else go_type(self.field.outer, self.field.attribute, kind)
        return f"{name}{{{', '.join(cells)}}}"

    def items(self, kind: Type, count: int) -> list[str]:
        if kind.base == "entity":
            return [f"{{ID: {self.field.reference_key}}}"] * count
        if kind.base in ("list", "map"):
            return [self.of(kind, 1, elided=True)] * count
        found = [literal(self.field.outer, self.field.attribute, item, kind) for item in item_samples(kind, count)]
        return [text.removeprefix("civil.Date") for text in found]
