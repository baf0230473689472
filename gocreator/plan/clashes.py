"""Names that exports bring into a package in which generated code lies: none twice, and none that is missing."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gocreator import gonames
from gocreator.errors import FcsError, Location, Problem
from gocreator.fcs.layering import is_program
from gocreator.fcs.model import Package
from gocreator.gosource.api import Api, Kind
from gocreator.gosource.declarations import declared
from gocreator.gosource.exported import exported_api
from gocreator.gosource.uses import uses
from gocreator.plan.target import Target


def check_exports(packages: Iterable[Package], targets: Sequence[Target]) -> None:
    """Refuse exports that do not fit to the files beside them; loading has seen to those of entities."""
    problems: list[Problem] = []
    for package in packages:
        path = "" if package.path == "." else package.path
        beside = [target for target in targets if posixpath.dirname(target.path) == path and _is_code(target.path)]
        if package.exports and not is_program(package) and len(beside) > 1:
            problems += _problems(package, {target.path: exported_api(target.content) for target in beside})
    if problems:
        raise FcsError(problems)


def _is_code(path: str) -> bool:
    return path.endswith(".go") and not path.endswith("_test.go")


def _problems(package: Package, files: Mapping[str, Api]) -> Iterator[Problem]:
    place, seen = Location("specification"), dict[str, str]()
    for path, api in files.items():
        for name in _names(api):
            first = seen.setdefault(name, path)
            if first != path:
                message = f"`{name}` of the package `{package.name}` is declared in {first} and in {path}"
                yield Problem(place, message, f"rename what the exports of `{package.name}` declare")
    used = (use.name for it in declared(package.exports) for use in uses(it) if not use.package)
    for name in dict.fromkeys(used):
        if name not in seen and name not in gonames.PREDECLARED and name != "_":
            hint = f"declare it in the exports of `{package.name}`, or mention something else"
            yield Problem(place, f"the exports of the package `{package.name}` use `{name}`, which is nowhere", hint)


def _names(api: Api) -> set[str]:
    """Return what a file declares, methods and fields as `Type.Name`."""
    members = {it.name for it in api.declarations if it.kind is Kind.METHOD}
    fields = {f"{it.name}.{field.name}" for it in api.declarations for field in it.fields or ()}
    return {*api.names, *members, *fields}
