"""YAML as plain values: libyaml's events, the scalars of YAML 1.2, and nothing that surprises."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from gocreator.errors import DocumentError
from gocreator.source.value import MAX_DEPTH, NO_CHARACTER, Mark, Refusing, Source, shortened

MAX_ALIAS_NODES = 50_000

_NULL = re.compile(r"(~|null|Null|NULL|)\Z")
_BOOL = re.compile(r"(true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_BASED = re.compile(r"0(o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_NO_TEXT = frozenset("~nNtTfF-+.0123456789")
"""How a scalar that is no text may begin, unless it is empty."""
_CORE = "tag:yaml.org,2002:"


@dataclass(slots=True)
class _Node:
    """A value with its places, and how much it costs to use it again."""

    value: Any
    mark: Mark
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Open:
    """A list or a mapping whose end has not come yet."""

    node: _Node
    anchor: str | None
    key: str | None = None


class YamlReader(Refusing):
    """Builds values from YAML's events, without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, name: str, error: type[DocumentError], text: str, first_line: int) -> None:
        super().__init__(name, error)
        self.text = text
        self.first_line = first_line
        self.open: list[_Open] = []
        self.anchors: dict[str, _Node | None] = {}
        self.root: _Node | None = None
        self.alias_nodes = 0

    def read(self) -> Source:
        """Read the one document that there must be."""
        if found := NO_CHARACTER.search(self.text):
            line = self.text.count("\n", 0, found.start())
            column = found.start() - self.text.rfind("\n", 0, found.start())
            self.checked(found[0], (line + self.first_line, column))
        try:
            for event in self.events():
                self.take(event)
        except yaml.MarkedYAMLError as problem:
            raise self.refuse(problem) from None
        except yaml.YAMLError as problem:
            raise self.wrong((0, 0), f"this is not YAML: {problem}", "check the characters of the file") from None
        if self.root is None:
            raise self.wrong((self.first_line, 1), "the document is empty", "write a mapping of keys to values")
        return Source(self.name, self.root.value, self.root.mark)

    def events(self) -> Iterator[Any]:
        """Parse with libyaml, where PyYAML was built with it."""
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text)
        try:
            while loader.check_event():
                yield loader.get_event()
        finally:
            loader.dispose()

    def take(self, event: Any) -> None:
        """Add what an event says."""
        place = self.place(event.start_mark)
        match event:
            case yaml.ScalarEvent():  # first, because most events are scalars
                node = _Node(self.scalar(event, place), Mark(*place, body=self.body(event, place)))
                self.keep(event.anchor, node)
                self.add(node, place, plain_merge=event.value == "<<" and event.implicit[0])
            case yaml.DocumentStartEvent() if self.root is not None:
                raise self.wrong(place, "there is more than one document in the file", "remove the line `---`")
            case yaml.AliasEvent():
                self.add(self.alias(str(event.anchor), place), place)
            case yaml.SequenceStartEvent():
                self.begin(event, _Node([], Mark(*place)), place)
            case yaml.MappingStartEvent():
                self.begin(event, _Node({}, Mark(*place)), place)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self.open.pop()
                self.keep(done.anchor, done.node)
                self.add(done.node, (done.node.mark.line, done.node.mark.column))

    def body(self, event: Any, place: tuple[int, int]) -> tuple[int, int] | None:
        """Find the first character of a text, if the lines of its value are those of the document."""
        if event.style == "|":
            first = event.start_mark.line + 1
            while first < len(self.lines) and not self.lines[first].strip():
                first += 1
            line = self.lines[first] if first < len(self.lines) else ""
            return first + self.first_line, len(line) - len(line.lstrip(" ")) + 1
        quotes = 1 if event.style else 0
        long = event.end_mark.column - event.start_mark.column == len(event.value) + 2 * quotes
        single = event.start_mark.line == event.end_mark.line and event.style != ">"
        return (place[0], place[1] + quotes) if single and long else None

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the document."""
        return self.text.split("\n")

    def begin(self, event: Any, node: _Node, place: tuple[int, int]) -> None:
        """Open a list or a mapping."""
        kind = "seq" if isinstance(node.value, list) else "map"
        if event.tag not in (None, "!", _CORE + kind):
            raise self.no_tag(event.tag, place)
        if self.open and isinstance(self.open[-1].node.value, dict) and self.open[-1].key is None:
            raise self.wrong(place, "a key must be text", "put it in quotes")
        if len(self.open) >= MAX_DEPTH:
            raise self.too_deep(place)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.open.append(_Open(node, event.anchor))

    def keep(self, anchor: str | None, node: _Node) -> None:
        """Remember a finished value under its anchor."""
        if anchor is not None:
            self.anchors[anchor] = node

    def alias(self, anchor: str, place: tuple[int, int]) -> _Node:
        """Return what an alias stands for, if that is not too much."""
        if anchor not in self.anchors:
            hint = f'a type that begins with `*` needs quotes: "*{anchor}"'
            raise self.wrong(place, f"`*{anchor}` is an alias of nothing", hint)
        node = self.anchors[anchor]
        if node is None:
            raise self.wrong(place, f"`*{anchor}` stands inside what it is an alias of", "write it out")
        self.alias_nodes += node.size
        if self.alias_nodes > MAX_ALIAS_NODES:
            message = f"the aliases of the document stand for more than {MAX_ALIAS_NODES} values"
            raise self.wrong(place, message, "write out what you need")
        if len(self.open) + node.height > MAX_DEPTH:
            raise self.too_deep(place)
        return _Node(node.value, Mark(*place, node.mark.children, node.mark.keys), node.size, node.height)

    def add(self, node: _Node, place: tuple[int, int], *, plain_merge: bool = False) -> None:
        """Put a finished value where it belongs."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        parent = top.node
        if isinstance(parent.value, list):
            parent.mark.children[len(parent.value)] = node.mark
            parent.value.append(node.value)
        elif top.key is None:
            top.key = self.key(node.value, parent, place, plain_merge=plain_merge)
            return
        else:
            parent.value[top.key] = node.value
            parent.mark.children[top.key] = node.mark
            top.key = None
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)

    def key(self, value: Any, parent: _Node, place: tuple[int, int], *, plain_merge: bool) -> str:
        """Check a key and note its place."""
        if plain_merge:
            raise self.wrong(place, "merge keys (`<<`) are not supported", "write the keys out")
        if not isinstance(value, str):
            raise self.wrong(
                place, f"the key `{_yaml_text(value)}` is not text", f'put it in quotes: "{_yaml_text(value)}"'
            )
        if value in parent.mark.keys:
            first = parent.mark.keys[value][0]
            raise self.wrong(
                place, f"the key `{shortened(value)}` is given twice (first in line {first})", "keep one of them"
            )
        parent.mark.keys[value] = place
        return value

    def scalar(self, event: Any, place: tuple[int, int]) -> Any:
        """Read a scalar by the core schema of YAML 1.2; `NO`, `0777` and `12:30` are text."""
        text, tag = event.value, event.tag
        if tag not in (None, "!"):
            return self.tagged(tag, text, place)
        if not event.implicit[0]:
            return self.checked(text, place)
        if text and text[0] not in _NO_TEXT:
            return text
        if _NULL.match(text):
            return None
        if _BOOL.match(text):
            return text[0] in "tT"
        if _INT.match(text) or _BASED.match(text):
            return self.integer(text, place, 0)
        if _FLOAT.match(text):
            return self.number(text, place)
        if _NOT_FINITE.match(text):
            raise self.wrong(place, f"`{text}` is not a finite number", "put it in quotes if it is text")
        return text

    def tagged(self, tag: str, text: str, place: tuple[int, int]) -> Any:
        """Read a scalar whose type is written before it."""
        if tag == _CORE + "str":
            return self.checked(text, place)
        if tag == _CORE + "null" and _NULL.match(text):
            return None
        if tag == _CORE + "bool" and _BOOL.match(text):
            return text[0] in "tT"
        if tag == _CORE + "int" and _INT.match(text):
            return self.integer(text, place)
        if tag == _CORE + "float" and _FLOAT.match(text):
            return self.number(text, place)
        raise self.no_tag(tag, place)

    def no_tag(self, tag: str, place: tuple[int, int]) -> DocumentError:
        """Refuse a tag."""
        shown = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
        return self.wrong(place, f"the tag `{shortened(shown)}` is not supported here", "remove it; put text in quotes")

    def too_deep(self, place: tuple[int, int]) -> DocumentError:
        """Refuse the nesting."""
        return self.wrong(place, f"the document is nested deeper than {MAX_DEPTH} levels", "flatten it")

    def place(self, mark: Any) -> tuple[int, int]:
        """Count from 1, and from where the YAML begins in its file."""
        return mark.line + self.first_line, mark.column + 1

    def refuse(self, problem: yaml.MarkedYAMLError) -> DocumentError:
        """Say what libyaml found, in the words of its user where that can be guessed."""
        mark = problem.problem_mark or problem.context_mark
        lines = self.text.split("\n")
        line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
        context = f" {problem.context}" if problem.context else ""
        place = self.place(mark) if mark is not None else (0, 0)
        return self.wrong(
            place, f"this is not YAML: {problem.problem}{context}", _yaml_hint(line, problem.problem or "")
        )


def _yaml_hint(line: str, problem: str) -> str:
    """Guess what the author of a line that is not YAML meant."""
    if re.search(r":\s*\[[^\]]*\]\S", line):
        return 'a type that begins with `[` needs quotes: "[]string"'
    if re.search(r"[:,\s]\s*map\[", line):
        return 'a type with brackets needs quotes inside `{...}`: "map[string]int"'
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in problem:
        return "indent with spaces, not with tabs"
    if "mapping values" in problem:
        return 'put text that holds `: ` in quotes: "like: this"'
    if "cannot start any token" in problem:
        return "put text that begins with @, ` or % in quotes"
    return "check the indentation, the quotes and the brackets of this line and the one before"


def _yaml_text(value: Any) -> str:
    """Show a key as YAML writes it."""
    return "null" if value is None else shortened(json.dumps(value))
