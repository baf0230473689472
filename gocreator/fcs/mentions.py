"""Find out which requirements and scenarios speak of which entities, endpoints and packages: by their words.

A name is mentioned by its words, in singular or plural, in any case and joined in any way: `OrderItem` by "order
items", "order-item" and "OrderItems". Where several names begin at one word, the longest is meant. A path is mentioned
as it is written, whatever its parameters are called, or by its words: `/search` by "search". And an element whose own
text names a requirement's id, as in "see FR-003", asks for it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from gocreator import gonames
from gocreator.fcs.elements import Element
from gocreator.fcs.matching import last_forms
from gocreator.fcs.model import Entity, Fcs, Requirement, Scenario
from gocreator.values import ElementId

Words = tuple[str, ...]
_PATH = re.compile(r"(?:\b([A-Z]+) +)?(/[A-Za-z0-9_{}:<>./*-]+)")
_PARAMETER = re.compile(r"\{[^}]*\}|:\w+|<[^>]*>")
_IDENTITY = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")


class Mentions:
    """Knows which statements an element is to be told; asked for few elements, so nothing is found before."""

    def __init__(self, fcs: Fcs, cut: Mapping[ElementId, Element]) -> None:
        self._fcs = fcs
        self._cut = cut

    def of(self, element: ElementId, about: Iterable[ElementId] = ()) -> Sequence[ElementId]:
        """Return the requirements and scenarios that mention an element, or one that it is about, in their order."""
        if not self._statements:
            return ()
        found = set(self._referred(element)).union(*(self._by_element[it] for it in (element, *about)))
        return [statement for statement in self._statements if statement in found]

    @cached_property
    def _statements(self) -> Mapping[ElementId, Sequence[str]]:
        texts = {ElementId(f"requirement:{it.id}"): said(it) for it in self._fcs.requirements}
        return texts | {ElementId(f"scenario:{it.id}"): said(it) for it in self._fcs.scenarios}

    @cached_property
    def _by_element(self) -> Mapping[ElementId, set[ElementId]]:
        found: dict[ElementId, set[ElementId]] = defaultdict(set)
        kinds = [entity_names(self._fcs.entities), *map(Names, _names(self._fcs))]
        paths: dict[tuple[str, str], ElementId] = {
            (it.method, _shape(it.path)): ElementId(f"endpoint:{it.method} {it.path}") for it in self._fcs.endpoints
        }
        for statement, texts in self._statements.items():
            words = [word for text in texts for word in (*gonames.words(text), "")]  # no name goes on in the next text
            spoken = (element for kind in kinds for element in kind.found(words))
            for named in (*spoken, *(found for text in texts for found in _served(text, paths))):
                found[named].add(statement)
        return found

    @cached_property
    def _identities(self) -> Mapping[str, ElementId]:
        """Return the statements by ids that cannot be taken for a word or a number."""
        named = {statement.partition(":")[2]: statement for statement in self._statements}
        return {name: statement for name, statement in named.items() if re.search(r"[A-Za-z].*[0-9]", name)}

    def _referred(self, element: ElementId) -> Iterator[ElementId]:
        kind, _, name = element.partition(":")
        rules = self._cut.get(ElementId(f"rules:{name}")) if kind == "entity" else None
        for part in filter(None, (self._cut[element], rules)):
            for name in _IDENTITY.findall(part.json):
                if name in self._identities:
                    yield self._identities[name]


class Names:
    """Names of one kind of element, as sequences of words."""

    def __init__(self, names: Iterable[tuple[ElementId, Sequence[str]]]) -> None:
        self._by_first: dict[str, list[tuple[Words, ElementId]]] = defaultdict(list)
        for element, words in names:
            for whole in _spellings(words):
                self._by_first[whole[0]].append((whole, element))

    def found(self, words: Sequence[str]) -> Iterator[ElementId]:
        """Yield what a text mentions."""
        at = 0
        while at < len(words):
            here = [it for it in self._by_first.get(words[at], ()) if tuple(words[at : at + len(it[0])]) == it[0]]
            longest = max((len(name) for name, _ in here), default=1)
            yield from (element for name, element in here if len(name) == longest)
            at += longest


def entity_names(entities: Iterable[Entity]) -> Names:
    """Return the names of entities."""
    return Names((ElementId(f"entity:{it.name}"), gonames.words(it.name)) for it in entities)


def _names(fcs: Fcs) -> Iterator[list[tuple[ElementId, Sequence[str]]]]:
    yield [(ElementId(f"package:{it.name}"), gonames.words(it.name)) for it in fcs.packages]
    yield [
        (ElementId(f"endpoint:{it.method} {it.path}"), gonames.words(_PARAMETER.sub(" ", it.path)))
        for it in fcs.endpoints
        if not it.entity
    ]


def _spellings(words: Sequence[str]) -> list[Words]:
    """Return a name in singular and plural, also if it is a plural itself."""
    if not words:
        return []
    lasts = dict.fromkeys((*last_forms(words[-1]), *last_forms(gonames.singular(words[-1]))))
    return [(*words[:-1], last) for last in lasts]


def _served(text: str, paths: Mapping[tuple[str, str], ElementId]) -> Iterator[ElementId]:
    """Yield the endpoints whose paths a text has; of one method, if it stands before."""
    for method, path in _PATH.findall(text):
        shape = _shape(path.rstrip("."))
        yield from (found for (its, own), found in paths.items() if own == shape and method in ("", its))


def _shape(path: str) -> str:
    return _PARAMETER.sub("{}", path).rstrip("/").lower()


def said(statement: Requirement | Scenario) -> Sequence[str]:
    """Return all texts in which something can be mentioned."""
    values = statement.model_dump(exclude={"id", "kind", "priority", "threshold"}).values()
    return [text for value in values for text in ([value] if isinstance(value, str) else value) if text]
