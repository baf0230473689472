"""Read the type of an attribute: names of the table, Go, SQL and prose spellings, entities, lists, maps, enums."""

import re
from collections.abc import Callable, Collection
from difflib import get_close_matches

from gocreator import gonames
from gocreator.fcs.model import Type
from gocreator.fcs.type_table import BY_NAME, BY_SPELLING, NUMERIC, ORDERED, SIZED, TABLE, TEXTUAL, TypeRow

__all__ = ["BY_NAME", "NUMERIC", "ORDERED", "SIZED", "TABLE", "TEXTUAL", "TypeProblem", "TypeRow"]
__all__ += ["close", "enum_type", "parse_type"]

MAX_LENGTH = 2000
MAX_DEPTH = 8

_ENUM = re.compile(r"(?:enum|one of|choice)\s*[(:\[]\s*(.*?)\s*[)\]]?\Z", re.IGNORECASE | re.DOTALL)
_GO_MAP = re.compile(r"map\s*\[([^\[\]]*)\]\s*(.*)\Z", re.DOTALL)
_GENERIC_MAP = re.compile(r"(?:map|dict|record)\s*<\s*([^<>,]+?)\s*,\s*(.+)>\Z", re.IGNORECASE | re.DOTALL)
_GENERIC_LIST = re.compile(r"(?:list|array|set|slice|collection)\s*[<\[]\s*(.+?)\s*[>\]]\Z", re.IGNORECASE | re.DOTALL)
_GO_LIST = re.compile(r"\[\](.*)\Z", re.DOTALL)
_POSTFIX_LIST = re.compile(r"(.*)\[\]\Z", re.DOTALL)
_LIST_OF = re.compile(r"(?:list|array|set|slice|collection) of (.+)\Z", re.IGNORECASE | re.DOTALL)
_SIZED_NAME = re.compile(r"([A-Za-z][A-Za-z0-9 ]*?)\s*\(\s*[0-9]+\s*(?:,\s*[0-9]+\s*)?\)\Z")
_PROSE = re.compile(r"(?!(?:chan|func|struct|interface)\b)[A-Za-z][A-Za-z0-9' .,;:/()%&+\"<>=-]*\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_TEXT_KEYS = frozenset(["string", "str", "text"])
_PLAIN = {name: Type(base=name) for name in BY_NAME}


class TypeProblem(Exception):
    """Text that is no type, and what its author may have meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both apart, as problems of a document do."""
        super().__init__(message)
        self.message = message
        self.hint = hint


Warn = Callable[[str, str], None]
"""Takes a message and a hint."""


def parse_type(text: str, entities: Collection[str], *, warn: Warn | None = None) -> Type:
    """Read a type, or raise `TypeProblem`; what is taken in a sense that may surprise is told to `warn`."""
    if len(text) > MAX_LENGTH:
        raise TypeProblem("the type is too long", f"a type has at most {MAX_LENGTH} characters")
    return _Reader(entities, warn or (lambda _message, _hint: None)).read(text.strip(), 0)


def enum_type(values: Collection[str], *, optional: bool = False) -> Type:
    """Make an enum of values that give distinct Go constants."""
    seen: dict[str, str] = {}
    for value in values:
        name = gonames.exported(value)
        if not value:
            raise TypeProblem("a value of the enum is empty", "write enum(first|second)")
        if not name:
            raise TypeProblem(f"the enum value `{value}` gives no Go name", "use letters or digits in it")
        if seen.get(name) == value:
            raise TypeProblem(f"the enum holds `{value}` twice", "remove one of them")
        if name in seen:
            message = f"the enum values `{seen[name]}` and `{value}` would give the same Go constant `{name}`"
            raise TypeProblem(message, "rename one of them")
        seen[name] = value
    if not seen:
        raise TypeProblem("the enum has no values", "write enum(first|second)")
    return Type(base="enum", values=tuple(values), optional=optional)


def close(name: str, known: Collection[str], *, otherwise: str = "") -> str:
    """Return a hint that names what was probably meant."""
    lower = {candidate.lower(): candidate for candidate in sorted(known)}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    return f"did you mean `{lower[found[0]]}`?" if found else otherwise


class _Reader:
    """Reads a type by descent, against the entities that there are."""

    def __init__(self, entities: Collection[str], warn: Warn) -> None:
        self.entities = entities
        self.warn = warn

    def read(self, text: str, depth: int) -> Type:
        """Read optional marks, then lists, maps and enums, then names."""
        if not text:
            message = "a type is missing" if depth == 0 else "a list or a map does not say what it holds"
            raise TypeProblem(message, "write one such as string, int, []string or map[string]int")
        if text in _PLAIN:
            return _PLAIN[text]
        if depth > MAX_DEPTH:
            raise TypeProblem("the type is nested too deeply", "make an entity of the inner part")
        if text.endswith("?"):
            return self.read(text[:-1].rstrip(), depth + 1).model_copy(update={"optional": True})
        if text.lower().startswith(("optional ", "nullable ")):
            return self.read(text[9:].strip(), depth + 1).model_copy(update={"optional": True})
        if text.startswith("*"):
            return self.pointer(self.read(text[1:].strip(), depth + 1))
        return self.composite(text, depth) or self.simple(text)

    def pointer(self, inner: Type) -> Type:
        """Read a Go pointer: to an entity a reference, else a value that may be missing."""
        return inner if inner.base == "entity" else inner.model_copy(update={"optional": True})

    def composite(self, text: str, depth: int) -> Type | None:
        """Read a list, a map or an enum."""
        if found := _ENUM.match(text):
            return self.enum(text, found[1])
        if text.replace(" ", "") in ("[]byte", "[]uint8"):
            return Type(base="bytes")
        for pattern in (_GENERIC_LIST, _LIST_OF, _GO_LIST, _POSTFIX_LIST):
            if found := pattern.match(text):
                return self.holding("list", found[1].strip(), depth)
        for pattern in (_GO_MAP, _GENERIC_MAP):
            if found := pattern.match(text):
                return self.map(found[1].strip(), found[2].strip(), depth)
        if text.lower() in ("enum", "list", "array", "map", "set", "slice"):
            raise TypeProblem(f"`{text}` does not say what it holds", "write enum(a|b), []string or map[string]int")
        return None

    def enum(self, text: str, inner: str) -> Type:
        """Read the values between the brackets."""
        if text[-1] not in ")]" and ":" not in text[:7]:
            raise TypeProblem(f"`{text}` has no closing bracket", "write enum(first|second)")
        values = [value.strip().strip("'\"`").strip() for value in re.split(r"[|,]", inner)] if inner else []
        return enum_type(values)

    def map(self, key: str, value: str, depth: int) -> Type:
        """Read a map, whose keys must be text."""
        if key.lower() not in _TEXT_KEYS:
            raise TypeProblem(f"the keys of a map are text, not `{key}`", f"write map[string]{value or 'int'}")
        return self.holding("map", value, depth)

    def holding(self, base: str, item: str, depth: int) -> Type:
        """Read what a list or a map holds; no item of either is optional, because it can be left out."""
        inner = self.read(self.singular(item), depth + 1)
        return Type(base=base, item=inner.model_copy(update={"optional": False}))

    def singular(self, item: str) -> str:
        """Turn `strings` into `string`, where only that is a type."""
        if self.known(item) is None and item.endswith("s") and self.known(item[:-1]) is not None:
            return item[:-1]
        return item

    def simple(self, text: str) -> Type:
        """Read a name or prose."""
        if (known := self.known(text)) is not None:
            return known
        if (found := _SIZED_NAME.match(text)) and (known := self.known(found[1])) is not None:
            return known
        qualifier, _, name = text.rpartition(".")
        if qualifier and _NAME.match(qualifier) and name in self.entities:
            return Type(base="entity", entity=name)
        if _PROSE.match(text) and len(re.findall(r"[A-Za-z]{2,}", text)) > 1 and " " in text:
            hint = "write a type such as string, uuid or timestamp, and the words under `description`"
            self.warn(f"`{text}` is no known type and was taken as string", hint)
            return Type(base="string")
        raise self.unknown(text)

    def known(self, text: str) -> Type | None:
        """Look a name up: the canonical names first, then entities as they are written, then aliases."""
        if text in _PLAIN:
            return _PLAIN[text]
        if text in self.entities:
            return Type(base="entity", entity=text)
        row = BY_SPELLING.get(re.sub(r"[\s_-]+", " ", text.lower()))
        return Type(base=row.name) if row else None

    def unknown(self, text: str) -> TypeProblem:
        """Say what is wrong with a name that nothing knows."""
        shown = text if len(text) <= 60 else text[:57] + "..."
        otherwise = "types are " + ", ".join(BY_NAME) + ", enum(a|b), []T, map[string]T and the names of entities"
        hint = close(text.rpartition(".")[2], {*BY_SPELLING, *self.entities}, otherwise=otherwise)
        if re.match(r"[A-Z][A-Za-z0-9]*\Z", text):
            return TypeProblem(f"`{shown}` is neither a type nor an entity", hint)
        return TypeProblem(f"`{shown}` is no type", hint)
