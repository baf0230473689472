"""What contracts are made of, and how one reads with another element's name in it.

A unit is a declaration with its comment, or a method of an interface with its own. How comments are wrapped means
nothing: each paragraph is one line here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gocreator import gonames

_BETWEEN = re.compile(r"\n\n(?=[^\s})])")
"""Between declarations, as gofmt lays them out: what belongs to one is indented, or closes it."""
_INTERFACE = re.compile(r"^type (\w+) interface \{$", re.MULTILINE)
_NAMED = re.compile(r"^(?:func(?: \(\w+ \*?(\w+)\))? (\w+)|(?:type|var|const) (\w+))", re.MULTILINE)
_WRAPPED = re.compile(r"(//[^\n]*\S)\n\t*// (?![-*] |\s|\d+\.)")
_COMMENT = re.compile(r"\t*//")
_PLACEHOLDER = re.compile(r"\{(?!an\}|An\})[A-Za-z_ ]+\}")
_ARTICLE = re.compile(r"\{([Aa])n\} (?=(.))")


@dataclass(frozen=True)
class Unit:
    """A declaration, or a method of an interface."""

    name: str
    """As people say it: `OrderStore.Get`; empty for what declares nothing, such as the package clause."""
    text: str
    within: str = ""
    """The interface whose method it is."""


def units(contract: str) -> list[Unit]:
    """Return the parts of a contract, in order; imports follow from what is declared, and are left out."""
    blocks = _BETWEEN.split(unwrapped(contract).strip())
    return [unit for block in blocks if block for unit in _units(block)]


def unwrapped(text: str) -> str:
    """Return Go with each paragraph of a comment on one line; lists and code in comments stay as they are."""
    while (shorter := _WRAPPED.sub(r"\1 ", text)) != text:
        text = shorter
    return text


def _units(block: str) -> Iterator[Unit]:
    if block.startswith("import "):
        return
    found = _INTERFACE.search(block)
    if found and block.endswith("\n}"):
        yield Unit(found[1], f"{block[: found.end()]}\n}}")
        yield from (Unit(f"{found[1]}.{_method(it)}", it, found[1]) for it in _members(block[found.end() : -2]))
        return
    named = _NAMED.search(block)
    yield Unit(".".join(filter(None, named.groups())) if named else "", block)


def _members(body: str) -> Iterator[str]:
    """Yield the methods of an interface, each with its comment."""
    member: list[str] = []
    for line in filter(None, body.split("\n")):
        member.append(line)
        if not _COMMENT.match(line):
            yield "\n".join(member)
            member = []


def _method(member: str) -> str:
    return member.rpartition("\n")[2].strip().partition("(")[0]


@dataclass(frozen=True)
class Names:
    """The forms in which an element's name stands in contracts, by the placeholders that stand for them."""

    forms: Mapping[str, str]

    @classmethod
    def of(cls, name: str, package: str) -> "Names":
        """Return the forms of an entity's name, in a package of that name."""
        one = gonames.words(name)
        if not one:
            return cls({})
        many = [*one[:-1], gonames.plural(one[-1])]
        return cls(
            {
                "{Entity}": gonames.exported(name),
                "{Entities}": gonames.exported("_".join(many)),
                "{entity}": gonames.unexported(name),
                "{entities}": gonames.unexported("_".join(many)),
                "{entity words}": " ".join(one),
                "{entities words}": " ".join(many),
                "{entity_snake}": "_".join(one),
                "{entities_snake}": "_".join(many),
                "{e}": gonames.receiver(name),
                "{package}": package,
            }
        )

    @cached_property
    def _placeholders(self) -> Mapping[str, str]:
        """Return a placeholder for each form; of equal forms, that which comes first."""
        found: dict[str, str] = {}
        for placeholder, form in self.forms.items():
            if len(form) > 1:
                found.setdefault(form, placeholder)
        return found

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_standing, sorted(self._placeholders, key=len, reverse=True))))

    def abstracted(self, text: str) -> str:
        """Return a text with placeholders for the name."""
        if not self.forms:
            return text
        found = self._pattern.sub(lambda it: self._placeholders[it[0]], text)
        receiver = self.forms["{e}"]
        if f"func ({receiver} " in text:
            found = re.sub(rf"\b{receiver}\b", "{e}", found)
        return re.sub(r"\b([Aa])n? (?=\{[Ee]ntity)", lambda it: f"{{{it[1]}n}} ", found)

    def restored(self, text: str) -> str:
        """Return a text with the name in the place of placeholders."""
        found = _PLACEHOLDER.sub(lambda it: self.forms.get(it[0], it[0]), text)
        return _ARTICLE.sub(lambda it: f"{it[1]}n " if it[2].lower() in "aeio" else f"{it[1]} ", found)


def _standing(form: str) -> str:
    """Return the pattern of a form where it is a word; a type's name may stand in other names."""
    return rf"{form}(?![a-z])" if form[0].isupper() else rf"\b{form}\b"


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two sets are, from 0 to 1: how much of both is in both."""
    return len(one & other) / len(one | other) if one | other else 0.0
