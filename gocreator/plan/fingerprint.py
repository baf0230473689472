"""A digest of what a template is given: two contexts with one fingerprint give one text.

Everything that a template can reach hangs on the fields of these values, never on anything outside of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from gocreator.values import Digest, digest


class Fingerprints:
    """Takes fingerprints; of values that many contexts share, once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str]] = {}
        """By identity, with the value itself, so that no other one gets its identity."""

    def of(self, context: Mapping[str, Any]) -> Digest:
        """Return the fingerprint of a context; raise `TypeError` for a value of a kind that is not foreseen."""
        return digest(*(f"{name}={self._text(context[name])}" for name in sorted(context)))

    def _text(self, value: Any) -> str:
        if value is None or isinstance(value, str | int | float):
            return repr(value)
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = value, digest(*self._parts(value))
        return known[1]

    def _parts(self, value: Any) -> Iterator[str]:
        yield type(value).__name__
        if isinstance(value, BaseModel):
            yield value.model_dump_json()
        elif is_dataclass(value):
            for field in fields(value):
                yield self._text(getattr(value, field.name))
        elif isinstance(value, Mapping):
            for key in sorted(value):
                yield f"{key}={self._text(value[key])}"
        elif isinstance(value, tuple):
            for item in value:
                yield self._text(item)
        else:
            raise TypeError(f"no fingerprint is taken of {type(value).__name__}")
