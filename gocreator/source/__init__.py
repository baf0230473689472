"""Read a document of plain values (YAML, JSON, Markdown front matter) and remember where everything stands.

The readers trust nothing: no tags, no duplicate keys, no alias bombs, no deep nesting, no control characters.
Everything that is wrong is said as a problem with a place; nothing else is ever raised.
"""

import stat
from pathlib import Path

from gocreator.errors import DocumentError, Location, Problem
from gocreator.source.json_reader import JsonReader
from gocreator.source.value import MAX_BYTES, Mark, Refusing, Source, Written
from gocreator.source.yaml_reader import YamlReader

__all__ = ["Mark", "Source", "Written", "parse_front_matter", "parse_json", "parse_yaml", "read_source", "read_text"]


def read_source(path: Path, name: str, *, error: type[DocumentError]) -> Source:
    """Read a file in the format that its ending says."""
    parsers = {
        ".yaml": parse_yaml,
        ".yml": parse_yaml,
        ".json": parse_json,
        ".md": parse_front_matter,
        ".markdown": parse_front_matter,
    }
    parse = parsers.get(path.suffix.lower())
    if parse is None:
        endings = ", ".join(parsers)
        raise error([Problem(Location(name), "the format of this file is unknown", f"name it with one of {endings}")])
    return parse(read_text(path, name, error=error), name, error=error)


def read_text(path: Path, name: str, *, error: type[DocumentError]) -> str:
    """Read a file of text."""
    return _decoded(_read_bytes(path, name, error), name, error)


def parse_yaml(text: str, name: str, *, error: type[DocumentError], first_line: int = 1) -> Source:
    """Read YAML: one document, plain values, the scalars of YAML 1.2."""
    Refusing(name, error).check_size(text)
    return YamlReader(name, error, text.removeprefix("\ufeff"), first_line).read()


def parse_json(text: str, name: str, *, error: type[DocumentError]) -> Source:
    """Read JSON as RFC 8259 has it."""
    Refusing(name, error).check_size(text)
    return JsonReader(name, error, text.removeprefix("\ufeff")).read()


def parse_front_matter(text: str, name: str, *, error: type[DocumentError]) -> Source:
    """Read the YAML between the `---` lines that open a Markdown file; the rest of the file is for people."""
    failing = Refusing(name, error)
    failing.check_size(text)
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        raise failing.wrong(
            (1, 1), "there is no front matter", "begin the file with a line `---`, YAML, and another `---`"
        )
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return parse_yaml("".join(lines[1:number]), name, error=error, first_line=2)
    raise failing.wrong((1, 1), "the front matter is not closed", "end it with a line that holds only `---`")


def _read_bytes(path: Path, name: str, error: type[DocumentError]) -> bytes:
    """Read a regular file of bearable size."""
    failing = Refusing(name, error)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise failing.wrong((0, 0), "this is not a regular file", "give the path of a file")
        if status.st_size > MAX_BYTES:
            raise failing.too_large(status.st_size)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise failing.wrong((0, 0), "there is no such file", "check the path") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise failing.wrong(
            (0, 0), f"the file cannot be read: {reason}", "check the path and its permissions"
        ) from problem


def _decoded(data: bytes, name: str, error: type[DocumentError]) -> str:
    """Decode UTF-8, and say where it is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8", "replace").removeprefix("\ufeff")
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Refusing(name, error).wrong(
            place, "this is not UTF-8 text", "save the file in the encoding UTF-8"
        ) from None
