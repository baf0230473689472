"""A digest of what a template is given: two contexts with one fingerprint give one text.

Everything that a template can reach hangs on the fields of these values, never on anything outside of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from blake3 import blake3
from pydantic import BaseModel

from gocreator.values import Digest

_PLAIN = frozenset({str, int, float, bool, type(None)})
_SHORT = 200
"""Up to so many characters, the text of a value stands for it as well as a digest would, and costs less."""


class Fingerprints:
    """Takes fingerprints; of values that many contexts share, once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str]] = {}
        """By identity, with the value itself, so that no other one gets its identity."""
        self._fields: dict[type, tuple[str, ...]] = {}

    def of(self, made_by: tuple[str, ...], context: Mapping[str, Any]) -> Digest:
        """Return the fingerprint of a context for what makes something of it.

        Raise `TypeError` for a value of a kind that is not foreseen.
        """
        return Digest(_hash([*made_by, *(f"{name}={self._text(context[name])}" for name in sorted(context))]))

    def _text(self, value: Any) -> str:
        if type(value) in _PLAIN:
            return repr(value)
        known = self._known.get(id(value))
        if known is None:
            text = f"{type(value).__name__}({','.join(self._parts(value))})"
            known = self._known[id(value)] = value, text if len(text) <= _SHORT else _hash([text])
        return known[1]

    def _parts(self, value: Any) -> Iterator[str]:
        if isinstance(value, BaseModel):
            yield value.model_dump_json()
        elif isinstance(value, str):
            yield repr(value)
        elif is_dataclass(value):
            yield from [self._text(getattr(value, name)) for name in self._names(type(value))]
        elif isinstance(value, Mapping):
            yield from [f"{key!r}={self._text(value[key])}" for key in sorted(value)]
        elif isinstance(value, tuple):
            yield from [self._text(item) for item in value]
        else:
            raise TypeError(f"no fingerprint is taken of {type(value).__name__}")

    def _names(self, kind: type) -> tuple[str, ...]:
        if kind not in self._fields:
            self._fields[kind] = tuple(field.name for field in fields(kind))
        return self._fields[kind]


def _hash(lines: list[str]) -> str:
    """Hash texts none of which has a line break, so that no two lists of them run together."""
    return blake3("\n".join(lines).encode()).hexdigest()
