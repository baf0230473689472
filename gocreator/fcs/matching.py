"""Tell which entity an endpoint creates, reads, lists, changes or deletes, by the segments of its path."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from gocreator import gonames
from gocreator.fcs.model import Entity
from gocreator.fcs.routes import parameters

_IRREGULAR = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "index": "indices",
    "matrix": "matrices",
    "vertex": "vertices",
    "analysis": "analyses",
    "crisis": "crises",
    "criterion": "criteria",
    "datum": "data",
    "medium": "media",
    "life": "lives",
    "leaf": "leaves",
    "half": "halves",
    "shelf": "shelves",
    "hero": "heroes",
    "potato": "potatoes",
    "quiz": "quizzes",
}
_COMMON = re.compile(r"api|rest|v[0-9]+([.][0-9]+)?", re.IGNORECASE)
"""Segments that may stand before a collection."""
_ON_COLLECTION = frozenset(["GET", "POST"])
_ON_ITEM = frozenset(["GET", "PUT", "PATCH", "DELETE"])


@lru_cache(maxsize=1 << 14)
def forms(name: str) -> tuple[str, ...]:
    """Return the ways to write an entity in a path: singular, English plural, naive plural; without separators."""
    words = gonames.words(name)
    if not words:
        return ()
    stem = "".join(words[:-1])
    return tuple(stem + end for end in last_forms(words[-1]))


def last_forms(word: str) -> tuple[str, ...]:
    """Return the ways to write the last word of a name: singular, English plural, naive plural, irregular plural."""
    return tuple(dict.fromkeys((word, gonames.plural(word), word + "s", _IRREGULAR.get(word, word))))


def by_segment(entities: Sequence[Entity]) -> Mapping[str, Entity]:
    """Return the entity that a segment speaks of; an entity's own name goes before another's plural."""
    found: dict[str, Entity] = {}
    for position in range(4):
        for entity in entities:
            spellings = forms(entity.name)
            if position < len(spellings):
                found.setdefault(spellings[position], entity)
    return found


def common_prefix(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the segments with which all paths begin, without the last of the shortest."""
    split = [path.strip("/").split("/") for path in paths]
    shared = []
    for parts in zip(*(parts[:-1] for parts in split), strict=False):
        if len(set(parts)) > 1 or parts[0].startswith("{"):
            break
        shared.append(parts[0])
    return tuple(shared) if len(split) > 1 else ()


def entity_of(method: str, path: str, segments: Mapping[str, Entity], prefix: Sequence[str] = ()) -> str:
    """Return the entity of a create, read, list, change or delete; nothing for any other operation.

    What lies below a parameter (`/users/{id}/posts`), or below a word of its own (`/search/posts`), is not the plain
    collection, so it is custom. Before a collection may stand `api`, a version, or what stands before all.
    """
    parts = path.strip("/").split("/")
    parts = parts[len(prefix) :] if parts[: len(prefix)] == list(prefix) else parts
    while len(parts) > 1 and _COMMON.fullmatch(parts[0]):
        parts = parts[1:]
    item = parts[-1].startswith("{")
    literals = parts[:-1] if item else parts
    if len(literals) != 1 or literals[0].startswith("{"):
        return ""
    if method not in (_ON_ITEM if item else _ON_COLLECTION):
        return ""
    entity = segments.get(re.sub(r"[^a-z0-9]", "", literals[-1].lower()))
    if entity is None or (item and not _names_key(parameters(path)[0], entity)):
        return ""
    return entity.name


def subjects_of(path: str, segments: Mapping[str, Entity]) -> tuple[str, ...]:
    """Return the entities that the segments of a path speak of, in its order."""
    literals = (re.sub(r"[^a-z0-9]", "", part.lower()) for part in path.split("/") if not part.startswith("{"))
    return tuple(dict.fromkeys(segments[part].name for part in literals if part in segments))


def _names_key(parameter: str, entity: Entity) -> bool:
    """Tell whether a parameter is the key, not another attribute such as `{username}`."""
    words = gonames.snake(parameter)
    return words == "id" or all(gonames.snake(attribute.name) != words for attribute in entity.attributes)
