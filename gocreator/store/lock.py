"""gocreator.lock: what the user commits, so that a fresh clone is up to date without any state.

JSON, a section per output, one line per target, sorted: two branches that build different targets merge.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gocreator.errors import Failed, Location, LockError, Problem
from gocreator.plan.record import LockEntry
from gocreator.values import RelPath, is_inside

FORMAT = 1
_SAID_IF_SO = {"provider", "effort", "recipe", "accepted"}
"""What an entry leaves out where there is nothing to say, so that lines are short."""


class Section(BaseModel):
    """What the lock says of one output directory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fcs: str = ""
    """The specification that the output was built from, relative to the project directory."""
    ignored: tuple[RelPath, ...] = ()
    targets: Mapping[RelPath, LockEntry] = Field(default_factory=dict)


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    outputs: dict[str, Section]


@dataclass(frozen=True)
class Lock:
    """The lock file's content: a section per output, named by its path from the project directory."""

    sections: Mapping[str, Section] = field(default_factory=dict)

    def section(self, output: str) -> Section:
        """Return what is locked of an output."""
        return self.sections.get(output, Section())

    def with_section(self, output: str, section: Section) -> Self:
        """Return the lock with another section for an output; an empty one is left out."""
        filled = {output: section} if section.targets or section.ignored else {}
        return replace(self, sections={**self.without(output).sections, **filled})

    def without(self, output: str) -> Self:
        """Return the lock without what it says of an output."""
        return replace(self, sections={name: found for name, found in self.sections.items() if name != output})

    def text(self) -> str:
        """Write the file's text."""
        outputs = ",\n".join(f"    {_json(name)}: {_section(self.sections[name])}" for name in sorted(self.sections))
        body = f"{{\n{outputs}\n  }}" if outputs else "{}"
        return f'{{\n  "version": {FORMAT},\n  "outputs": {body}\n}}\n'


class LockGarbled(LockError):
    """The lock file holds nothing that anybody could mend: a build sets it aside."""

    def __init__(self, place: Location, why: str) -> None:
        hint = "restore the file from version control, or build: that sets it aside and writes it anew"
        super().__init__([Problem(place, f"the lock file is damaged: {why}", hint)])
        self.why = why


def read_lock(path: Path) -> Lock:
    """Read the lock file; one that is not there is an empty one.

    What somebody must decide is refused: a merge to resolve, a path that leads elsewhere, a version to come.
    """
    if not os.path.lexists(path):
        return Lock()
    try:
        if path.is_symlink() or not path.is_file():
            raise _damaged(Location(path.name), "it is not a regular file")
        text = path.read_text(encoding="utf-8")
        if merge := re.search(r"^(<<<<<<<|>>>>>>>)", text, re.MULTILINE):
            raise _damaged(Location(path.name, text.count("\n", 0, merge.start()) + 1, 1), "a merge is not resolved")
        value = json.loads(text, object_pairs_hook=_distinct)
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}", hint="check the permissions of the file") from error
    except json.JSONDecodeError as error:
        raise LockGarbled(Location(path.name, error.lineno, error.colno), error.msg) from error
    except (ValueError, RecursionError) as error:
        raise LockGarbled(Location(path.name), str(error)) from error
    if isinstance(value, dict) and value.get("version") not in (FORMAT, None):
        hint = f"this gocreator writes version {FORMAT}: build with the version that wrote the file"
        raise LockError([Problem(Location(path.name), f"unknown version {value['version']!r}", hint)])
    try:
        sections = _Document.model_validate(value).outputs
    except ValidationError as error:
        first = error.errors()[0]
        where = ": ".join(str(part) for part in first["loc"])
        raise LockGarbled(Location(path.name), f"{where}: {first['msg']}") from error
    for section in sections.values():
        for name in (*section.targets, *section.ignored):
            if not is_inside(name):
                raise _damaged(Location(path.name), f"{name!r} is no path inside an output")
    return Lock(sections)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice, as a merge gone wrong leaves it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _damaged(Location("gocreator.lock"), f"{twice!r} stands twice")
    return found


def _damaged(place: Location, why: str) -> LockError:
    hint = "resolve the merge, or restore the file from version control, or delete it and build again"
    return LockError([Problem(place, f"the lock file is damaged: {why}", hint)])


def _section(section: Section) -> str:
    lines = [f"        {_json(path)}: {_entry(section.targets[path])}" for path in sorted(section.targets)]
    targets = "{\n" + ",\n".join(lines) + "\n      }" if lines else "{}"
    ignored = f'      "ignored": {_json(sorted(section.ignored))},\n' if section.ignored else ""
    fcs = f'      "fcs": {_json(section.fcs)},\n' if section.fcs else ""
    return f'{{\n{fcs}{ignored}      "targets": {targets}\n    }}'


def _entry(entry: LockEntry) -> str:
    said = {name: getattr(entry, name) for name in LockEntry.model_fields}
    return _json({name: value for name, value in said.items() if value or name not in _SAID_IF_SO})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
