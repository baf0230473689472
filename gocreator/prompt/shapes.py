"""What contracts are made of, and how one reads with another element's name in it.

A unit is a declaration with its comment, or a method of an interface with its own. How comments are wrapped means
nothing: each paragraph is one line here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gocreator import gonames
from gocreator.plan.golayout import STANDARD

_BETWEEN = re.compile(r"\n\n(?=[^\s})])")
"""Between declarations, as gofmt lays them out: what belongs to one is indented, or closes it."""
_INTERFACE = re.compile(r"^type (\w+) interface \{$", re.MULTILINE)
_NAMED = re.compile(
    r"^(?:func(?: \((?:\w+ )?\*?(\w+)(?:\[[^\]]*\])?\))? (\w+)"
    r"|(?:type|var|const) (?:\(\n(?:\t//.*\n)*\t)?(\w+)|package)",
    re.MULTILINE,
)
_IMPORT = re.compile(r'^(?:import |\t)(?:(\S+) )?"([^"]+)"', re.MULTILINE)
_WRAPPED = re.compile(r"((?:^|\n)\t*// \S[^\n]*\S)\n\t*// (?![-*] |\s|\d+\.)")
_WRAPPED_ITEM = re.compile(r"(//  +(?:[-*]|\d+\.) [^\n]*\S)\n\t*//     (?=\S)")
_COMMENT = re.compile(r"\t*//")
_PLACEHOLDER = re.compile(r"\{(?!an\}|An\})[A-Za-z_ -]+\}")
_ARTICLE = re.compile(r"\{([Aa])n\} (?=(.))")


@dataclass(frozen=True)
class Unit:
    """A declaration, or a method of an interface."""

    name: str
    """As people say it: `OrderStore.Get`; of several declarations in brackets, the first one's; empty for what has
    none, such as a comment by itself."""
    text: str
    within: str = ""
    """The interface whose method it is."""

    @property
    def declares(self) -> bool:
        """Tell whether it is more than what stands before declarations."""
        return self.name not in ("", "package", "import")


def units(contract: str, module: str = "") -> list[Unit]:
    """Return the parts of a contract, in order.

    Imports of the standard library, and of the module itself, follow from what is declared, and are left out.
    """
    blocks = _BETWEEN.split(unwrapped(contract).strip())
    return [unit for block in blocks if block for unit in _units(block, module)]


def unwrapped(text: str) -> str:
    """Return Go with each paragraph of a comment, and each item of a list in one, on one line; code stays as it is."""
    for pattern in (_WRAPPED, _WRAPPED_ITEM):
        while (shorter := pattern.sub(r"\1 ", text)) != text:
            text = shorter
    return text


def _units(block: str, module: str) -> Iterator[Unit]:
    if block.startswith("import "):
        if told := [it[0].removeprefix("import ").strip() for it in _IMPORT.finditer(block) if _is_told(it, module)]:
            yield Unit("import", "\n".join(f"import {it}" for it in told))
        return
    found = _INTERFACE.search(block)
    if found and block.endswith("\n}"):
        yield Unit(found[1], f"{block[: found.end()]}\n}}")
        yield from (Unit(_method(it, found[1]), it, found[1]) for it in _members(block[found.end() : -2]))
        return
    named = _NAMED.search(block)
    yield Unit((".".join(filter(None, named.groups())) or "package") if named else "", block)


def _is_told(found: re.Match[str], module: str) -> bool:
    """Tell whether an import must be said: it has a name of its own, or another package is known by its name."""
    alias, path = found.groups()
    usual = STANDARD.get(path.rpartition("/")[2])
    ours = bool(module) and path.startswith(f"{module}/") and usual is None
    return bool(alias) or not (ours or usual == path)


def _members(body: str) -> Iterator[str]:
    """Yield the methods of an interface, each with its comment, and what comment is left at the end."""
    member: list[str] = []
    for line in filter(None, body.split("\n")):
        member.append(line)
        code = "\n".join(it.partition("//")[0] for it in member)
        if code.strip() and all(code.count(one) == code.count(other) for one, other in ("()", "{}", "[]")):
            yield "\n".join(member)
            member = []
    if member:
        yield "\n".join(member)


def _method(member: str, interface: str) -> str:
    """Return the name of an interface's member; of a comment, none."""
    first = next((line for line in member.split("\n") if not _COMMENT.match(line)), "")
    name = first.strip().partition("(")[0]
    return f"{interface}.{name}" if name else ""


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
                "{entity words}": gonames.sentence(name),
                "{entities words}": gonames.plural(gonames.sentence(name)),
                "{entity-kebab}": "-".join(one),
                "{entities-kebab}": "-".join(many),
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
    return rf"{form}(?![a-z])" if form[0].isupper() and " " not in form else rf"\b{form}\b"


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two sets are, from 0 to 1: how much of both is in both."""
    return len(one & other) / len(one | other) if one | other else 0.0
