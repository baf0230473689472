"""Files that others write in, too: .gitignore is shared with the user line by line, go.mod with Go's own tools."""

import re
from collections.abc import Mapping

_DIRECTIVE = re.compile(r"^(module|go)[ \t]+(\S+)", re.MULTILINE)
_REQUIREMENT = re.compile(r"^(?:require)?[ \t]*(?P<path>[^\s()/]+\.[^\s()]*)[ \t]+(?P<version>v\d\S*)", re.MULTILINE)

_OTHERS = re.compile(r"^[^\n]*=>[^\n]*$|^(?:exclude|retract)[ \t]*\(.*?^\)", re.MULTILINE | re.DOTALL)
"""What names versions, too."""


def merge_requirements(base: str | None, mine: str, planned: str) -> str:
    """Bring a planned go.mod into the one that is there: its module, its Go and its versions where the plan changed.

    All else is Go's, or the user's: what `go mod tidy` added and took out, `replace` and the rest. Without a base (the
    file was there before) only what it lacks is added.
    """
    for name, value in _DIRECTIVE.findall(planned):
        was, has = (dict(_DIRECTIVE.findall(text)).get(name) for text in (base or "", mine))
        if (
            base is not None
            and was != value
            and has is not None
            and (name == "module" or has == was or _newer(value, has))
        ):
            mine = re.sub(rf"(?m)^({name}[ \t]+)\S+", rf"\g<1>{value}", mine, count=1)
    before, now, present = (_requirements(text) for text in (base or "", planned, mine))
    lacking = []
    for path, version in now.items():
        if before.get(path) == version:
            continue
        if path in present:
            mine = re.sub(rf"(?m)^((?:require)?[ \t]*{re.escape(path)}[ \t]+)v\S+", rf"\g<1>{version}", mine, count=1)
        else:
            lacking.append(f"require {path} {version}\n")
    return mine + ("\n" + "".join(lacking) if lacking else "")


def _newer(version: str, than: str) -> bool:
    """Tell whether a version of Go is newer than another; what is no number counts as 0."""
    first, second = ([int(it) if it.isdigit() else 0 for it in text.split(".")] for text in (version, than))
    return first > second


def _requirements(text: str) -> Mapping[str, str]:
    """Return the versions of modules that are required; a replacement is none."""
    return {it["path"]: it["version"] for it in _REQUIREMENT.finditer(_OTHERS.sub("", text))}


def merge_lines(base: str | None, mine: str, planned: str) -> str:
    """Bring a planned text into the user's, keeping every line of theirs.

    Lines that are new since the base are added at the end; lines that left the plan are taken out; a line
    that the user deleted stays deleted. Without a base (the file was there before) all planned lines are new.
    """
    before = _lines(base or "")
    now = _lines(planned)
    gone = before - now
    kept = [line for line in mine.splitlines() if not line.strip() or line.strip() not in gone]
    present = _lines(mine)
    added = [line for line in planned.splitlines() if line.strip() in now - before - present]
    if not added:
        return "\n".join(kept) + "\n" if kept else ""
    gap = [""] if kept and kept[-1].strip() else []
    return "\n".join([*kept, *gap, *added]) + "\n"


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}
