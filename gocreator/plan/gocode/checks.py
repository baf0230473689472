"""The rules of an attribute as conditions in Go, each with the words that report it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gocreator import gonames
from gocreator.fcs.model import Attribute, Type
from gocreator.plan.gocode.literals import NILABLE, TEXTS, Place, duration, literal, needed, plain, value
from gocreator.plan.golayout import clean, goraw

FORMATS = {
    "uuid": "a UUID in lower case",
    "url": "an absolute URL with any scheme and a host",
    "email": "an email address",
    "json": "valid JSON",
    "float": "a finite number",
    "date": "a day of the calendar",
}
_ITEM_FORMATS = {
    "uuid": "UUIDs in lower case",
    "url": "absolute URLs with any scheme and a host",
    "email": "email addresses",
    "json": "valid JSON",
    "float": "finite numbers",
    "date": "days of the calendar",
}


LIMITS = {
    (base, bound): limit
    for base, bits in (("int", 63), ("int64", 63), ("int32", 31))
    for bound, limit in (("min", -(1 << bits)), ("max", (1 << bits) - 1))
}
"""Bounds that no value of the type can be beyond."""


@dataclass(frozen=True)
class Check:
    """A condition that holds where a rule is broken, with the words that follow the field's name."""

    condition: str
    problem: str
    init: str = ""
    """A statement before the condition, in the same `if`."""

    @property
    def head(self) -> str:
        """Return what stands between `if` and the brace."""
        return f"{self.init}; {self.condition}" if self.init else self.condition

    @property
    def operand(self) -> str:
        """Return the condition as it can stand beside `&&`."""
        return f"({self.condition})" if "||" in self.condition else self.condition


@dataclass(frozen=True)
class Variable:
    """A package-level variable that a file's checks need."""

    name: str
    value: str


@dataclass(frozen=True)
class Checks:
    """All rules of a field, as its `Validate` checks them."""

    missing: str = ""
    """A condition that holds where a needed value is missing."""
    missing_problem: str = "is required"
    guard: str = ""
    """A condition that must hold for the other rules to be asked."""
    rules: tuple[Check, ...] = ()
    items: tuple[Check, ...] = ()
    """What each `item` of a list or a map, or of those in it, must keep."""
    depth: int = 0
    """How many lists and maps lie around an item."""
    variables: tuple[Variable, ...] = ()

    @property
    def indents(self) -> tuple[str, ...]:
        """Return what stands before the loop over each of these, in a function's body."""
        return tuple("\t" * level for level in range(1, self.depth + 1))

    def __bool__(self) -> bool:
        """Tell whether there is anything to check."""
        return bool(self.missing or self.rules or self.items)


def checks_of(place: Place, attribute: Attribute, field: str) -> Checks:
    """Return the rules of an attribute; `field` is how Go reads it, such as `u.Email`."""
    kind = attribute.type
    pointer = kind.optional and kind.base not in NILABLE
    if attribute.name == "id":
        return _key_checks(kind, field)
    if attribute.name in ("created_at", "updated_at"):
        return Checks()
    builder = _Builder(place, attribute, field, f"*{field}" if pointer else field)
    rules = tuple(builder.rules())
    item, depth = kind, 0
    while item.item is not None:
        item, depth = item.item, depth + 1
    missing = _missing(kind, field) if needed(attribute) else ""
    return Checks(
        missing=missing,
        missing_problem="is required" if attribute.required else "must not be empty",
        guard=_guard(attribute, field) if rules and not missing else "",
        rules=rules,
        items=tuple(_format_checks(item, "item", "item", _ITEM_FORMATS, "must hold only")) if depth else (),
        depth=depth,
        variables=tuple(builder.variables()),
    )


def clauses(place: Place, attribute: Attribute) -> list[str]:
    """Return the rules of an attribute in words, for its comment."""
    checks = checks_of(place, attribute, "x")
    found = [checks.missing_problem] if checks.missing else []
    found += [clean(check.problem) for check in (*checks.rules, *checks.items)]
    unique = "must be unique, which Validate cannot check"
    return [*found, unique] if attribute.unique and attribute.name != "id" else found


def variable_name(place: Place, attribute: Attribute, what: str) -> str:
    """Return the name of a package-level variable: `userEmailPattern`."""
    return gonames.unexported(f"{place.entity}_{gonames.exported(attribute.name)}_{what}")


def _key_checks(kind: Type, field: str) -> Checks:
    if kind.base not in TEXTS:
        return Checks()
    formats = tuple(_format_checks(kind, field, field, FORMATS, "must be"))
    return Checks(missing=_missing(kind, field), rules=formats)


def _missing(kind: Type, field: str) -> str:
    if (kind.optional and kind.base not in NILABLE) or kind.base == "entity":
        return f"{field} == nil"
    if kind.base in TEXTS or kind.base == "enum":
        return f'{field} == ""'
    if kind.base in ("timestamp", "date"):
        return f"{field}.IsZero()"
    return f"len({field}) == 0" if kind.base in NILABLE else ""


def _guard(attribute: Attribute, field: str) -> str:
    kind = attribute.type
    if kind.base in ("bytes", "list", "map") and not attribute.min_length:
        return ""
    if kind.optional or kind.base == "json":
        return f"{field} != nil"
    if kind.base in ("timestamp", "date"):
        return f"!{field}.IsZero()"
    return f'{field} != ""' if kind.base in TEXTS else ""


class _Builder:
    """Builds the checks of one attribute; `content` is the value that `field` is or points to."""

    def __init__(self, place: Place, attribute: Attribute, field: str, content: str) -> None:
        self.place = place
        self.attribute = attribute
        self.field = field
        self.content = content

    def rules(self) -> Iterator[Check]:
        kind = self.attribute.type
        yield from _format_checks(kind, self.field, self.content, FORMATS, "must be")
        yield from self.bounds()
        yield from self.lengths()
        if self.attribute.pattern:
            shown = f"must match {self.attribute.pattern}"
            yield Check(f"!{self.name('pattern')}.MatchString({self.content})", shown)

    def bounds(self) -> Iterator[Check]:
        for bound, raw, words in (("min", self.attribute.min, "least"), ("max", self.attribute.max, "most")):
            content = None if raw is None else value(self.attribute.type, raw)
            if content is not None and content != LIMITS.get((self.attribute.type.base, bound)):
                shown = plain(content, self.attribute.type)
                yield Check(self.beyond(bound, content), f"must be at {words} {shown}")

    def beyond(self, bound: str, content: Any) -> str:
        """Return the condition that a value lies beyond a bound."""
        sign, direction = ("<", "Before") if bound == "min" else (">", "After")
        match self.attribute.type.base:
            case "timestamp" | "date":
                return f"{self.field}.{direction}({self.name(bound)})"
            case "decimal" if content == 0:
                return f"{self.field}.Sign() {sign} 0"
            case "decimal":
                return f"{self.field}.Cmp({self.name(bound)}) {sign} 0"
            case "duration":
                return f"{self.content} {sign} {duration(content).replace(' * ', '*')}"
        return f"{self.content} {sign} {literal(self.place, self.attribute, content)}"

    def lengths(self) -> Iterator[Check]:
        kind, least, most = self.attribute.type, self.attribute.min_length, self.attribute.max_length
        noun = "byte" if kind.base == "bytes" else "character" if kind.base in TEXTS else "item"
        size = f"utf8.RuneCountInString({self.content})" if kind.base in TEXTS else f"len({self.content})"
        if least and least == most:
            yield Check(f"{size} != {least}", f"must have exactly {_count(least, noun)}")
            return
        if least and not (least == 1 and self.attribute.required):
            yield Check(f"{size} < {least}", f"must have at least {_count(least, noun)}")
        if most is not None:
            yield Check(f"{size} > {most}", f"must have at most {_count(most, noun)}")

    def variables(self) -> Iterator[Variable]:
        kind = self.attribute.type
        if self.attribute.pattern:
            yield Variable(self.name("pattern"), f"regexp.MustCompile({goraw(self.attribute.pattern)})")
        for bound, raw in (("min", self.attribute.min), ("max", self.attribute.max)):
            if raw is None or kind.base not in ("timestamp", "date", "decimal"):
                continue
            content = value(kind, raw)
            if kind.base != "decimal" or content != 0:
                yield Variable(self.name(bound), literal(self.place, self.attribute, content))

    def name(self, what: str) -> str:
        return variable_name(self.place, self.attribute, what)


def _format_checks(kind: Type, field: str, content: str, formats: dict[str, str], verb: str) -> Iterator[Check]:
    """Give the check of a type's format; `field` is what methods are called on."""
    problem = f"{verb} {formats.get(kind.base, '')}"
    match kind.base:
        case "uuid":
            yield Check(f"!uuid.Valid({content})", problem)
        case "url":
            condition = 'err != nil || parsed.Scheme == "" || parsed.Hostname() == ""'
            yield Check(condition, problem, f"parsed, err := url.Parse({content})")
        case "email":
            condition = f"err != nil || parsed.Address != {content}"
            yield Check(condition, problem, f"parsed, err := mail.ParseAddress({content})")
        case "json":
            yield Check(f"!json.Valid({content})", problem)
        case "float":
            yield Check(f"math.IsNaN({content}) || math.IsInf({content}, 0)", problem)
        case "date":
            yield Check(f"!{field}.Valid()", problem)
        case "enum":
            shown = ", ".join(clean(name) for name in kind.values)
            words = f"one of {shown}" if verb == "must be" else f"values out of {shown}"
            yield Check(f"!{field}.Valid()", f"{verb} {words}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
