"""Where rules may put files: inside the output, off the tool's own ground, one rule to a path."""

import posixpath
from collections.abc import Iterable, Mapping, Sequence

from gocreator.errors import Location, Problem, RuleError
from gocreator.plan.target import Target
from gocreator.values import RelPath, RuleName

RESERVED = frozenset({".git", ".gocreator", "gocreator.lock", ".gocreator.yaml"})


def checked(path: str, place: str) -> RelPath:
    """Return a rendered path, or say why no file may lie there."""
    clean = path.strip()
    parts = clean.split("/")
    reason = ""
    if not clean or clean.startswith("/") or clean != posixpath.normpath(clean) or ".." in parts:
        reason = "a path must be relative to the output directory and stay inside it"
    elif parts[0] in RESERVED:
        reason = f"{parts[0]} belongs to gocreator or git"
    elif any(character in clean for character in "\\\0\n\r="):
        reason = "a path must be free of backslashes, line ends, `=` and NUL"
    if reason:
        raise RuleError([Problem(Location(place), f"path {path!r}: {reason}", "mend `path` in rule.yaml")])
    return RelPath(clean)


def check_together(targets: Sequence[Target], places: Mapping[RuleName, str]) -> None:
    """Refuse two targets at one path, and two Go packages in one directory."""
    problems = [*_same_path(targets, places), *_two_packages(targets, places)]
    if problems:
        raise RuleError(problems)


def _same_path(targets: Sequence[Target], places: Mapping[RuleName, str]) -> Iterable[Problem]:
    seen: dict[str, Target] = {}
    for target in targets:
        other = seen.setdefault(target.path.lower(), target)
        if other is not target:
            message = f"{target.path} is also the file of rule {other.rule} for {other.element}"
            yield Problem(Location(places[target.rule]), message, "give the two files different paths")


def _two_packages(targets: Sequence[Target], places: Mapping[RuleName, str]) -> Iterable[Problem]:
    seen: dict[str, tuple[str, Target]] = {}
    for target in targets:
        name = target.clause
        if not name:
            continue
        if target.path.endswith("_test.go"):
            name = name.removesuffix("_test")
        other, first = seen.setdefault(posixpath.dirname(target.path), (name, target))
        if other != name:
            message = f"{target.path} is package {name}, but {first.path} beside it is package {other}"
            hint = f"give the package of {target.element} another path: {posixpath.dirname(target.path)} is taken"
            yield Problem(Location(places[target.rule]), message, hint)
