"""Turn packages of a document into canonical ones, and find the package of every entity."""

import re
from collections.abc import Sequence

from gocreator import gonames
from gocreator.fcs.document import Document, PackageDoc
from gocreator.fcs.document_parts import EntityDoc
from gocreator.fcs.entities import Draft
from gocreator.fcs.model import Entity, Package
from gocreator.fcs.naming import Named, distinct, named
from gocreator.fcs.paths import path_problem
from gocreator.fcs.report import ROOT, Report
from gocreator.fcs.types import close

DEFAULT = "models"
_USED_BY_CODE = frozenset(
    "bytes context errors fmt http httptest json mail maps math reflect regexp slices strings sync testing time url "
    "utf8 alias civil decimal fault invalid slog uuid web".split()
)
"""Names that generated code imports beside an entity's package."""
_LOCAL_IN_CODE = frozenset(
    "before body broken canceled change changing clone command created ctx err fields first found given got h id key "
    "kept kind last limit listed m made method offset other page params patched path pattern place problem problems "
    "ready refused replaced request response row rows s same second status stderr stdout stores t total updated "
    "v value want w".split()
)
"""Names of variables that would hide the package in generated tests."""

Places = dict[str, Named[PackageDoc]]
"""Where the declared packages stand, by name."""


def read_packages(
    document: Document, drafts: Sequence[Draft], report: Report
) -> tuple[list[Package], list[Entity], Places]:
    """Return the packages, declared and implied, and the entities with the name of theirs."""
    declared = _declared(document, report)
    packages = {thing.name: _package(thing) for thing in declared}
    entities = [_placed(draft, packages, report) for draft in drafts]
    places = {thing.name: thing for thing in declared}
    _check_paths(packages, places, report)
    _check_dependencies(document, declared, packages, report)
    _check_holders(packages, drafts, entities, report)
    return sorted(packages.values(), key=lambda package: package.name), entities, places


def _declared(document: Document, report: Report) -> list[Named[PackageDoc]]:
    """Return the declared packages of both places."""
    things = named(document.packages, ROOT / "packages", "package", report)
    if document.architecture is not None:
        things += named(document.architecture.packages, ROOT / "architecture" / "packages", "package", report)
    full = [_full(thing) for thing in things]
    return distinct(full, "package", report)


def _full(thing: Named[PackageDoc | str]) -> Named[PackageDoc]:
    """Make a mapping of a package that is only a name or a path."""
    if isinstance(thing.doc, PackageDoc):
        return Named(thing.name, thing.doc, thing.at, thing.name_at)
    name = thing.name.rstrip("/").rpartition("/")[2]
    path = thing.name if "/" in thing.name else ""
    return Named(name, PackageDoc(name=name, path=path), thing.at, thing.name_at)


def normal_path(path: str) -> str:
    """Return a path without `./` before and `/` behind."""
    return re.sub(r"^(\./)+", "", path).rstrip("/")


def _package(thing: Named[PackageDoc]) -> Package:
    """Make the canonical package."""
    doc = thing.doc
    return Package(
        name=thing.name,
        path=normal_path(doc.path) or f"internal/{thing.name}",
        purpose=doc.purpose or doc.description,
        dependencies=tuple(sorted(set(doc.dependencies))),
        exports="\n".join(doc.exports),
    )


def _placed(draft: Draft, packages: dict[str, Package], report: Report) -> Entity:
    """Make an entity whose package exists, by implying the package if need be."""
    thing, attributes = draft.thing, draft.attributes
    wanted = normal_path(thing.doc.package) or DEFAULT
    package = packages.get(wanted) or next((item for item in packages.values() if item.path == wanted), None)
    if package is None:
        package = _implied(wanted, thing, packages, report)
    said = thing.doc.description
    return Entity(name=thing.name, package=package.name, description=said, attributes=attributes, rules=draft.rules)


def _implied(wanted: str, thing: Named[EntityDoc], packages: dict[str, Package], report: Report) -> Package:
    """Add a package that nobody declared."""
    name = wanted.rpartition("/")[2] if "/" in wanted else wanted
    if name in packages:
        name = wanted
    declared = [item.name for item in packages.values() if not item.implied]
    if declared and thing.doc.package:
        hint = close(wanted, declared, otherwise="declared packages are " + ", ".join(declared))
        at = thing.at / "package"
        report.warn(at, f"`{thing.name}` is in the package `{wanted}`, which is not declared; it was added", hint)
    packages[name] = Package(name=name, path=wanted if "/" in wanted else f"internal/{wanted}", implied=True)
    return packages[name]


def _check_paths(packages: dict[str, Package], places: Places, report: Report) -> None:
    """Refuse paths that lead astray, that Go refuses, or that two packages share."""
    seen: dict[str, str] = {}
    for name, package in packages.items():
        thing = places.get(name)
        if thing is None:
            continue
        at = thing.at / "path" if thing.doc.path else thing.name_at
        if problem := path_problem(package.path, root=name == "main"):
            report.error(at, f"`{package.path}` cannot be the path of a package: {problem}", "such as internal/store")
        elif gonames.package_name(package.path) in gonames.KEYWORDS:
            keyword = gonames.package_name(package.path)
            report.error(
                at, f"the package `{name}` would be called `{keyword}`, a keyword of Go", "give it another path"
            )
        elif not gonames.is_identifier(gonames.package_name(package.path)) and package.path != ".":
            message = f"nothing is made of the package `{name}`: `{package.path}` gives no Go package name"
            report.warn(at, message, "end its path with a word of letters")
        elif (first := seen.setdefault(package.path.lower(), name)) != name:
            hint = "give each its own directory"
            report.error(at, f"the packages `{first}` and `{name}` have one path, `{package.path}`", hint)


def _check_dependencies(
    document: Document, declared: Sequence[Named[PackageDoc]], packages: dict[str, Package], report: Report
) -> None:
    """Refuse dependencies on packages that do not exist; those on modules are dropped."""
    modules = _modules(document)
    for thing in declared:
        kept = []
        for index, name in enumerate(thing.doc.dependencies):
            at = thing.at / "dependencies" / index
            by_path = next((item.name for item in packages.values() if item.path == normal_path(name)), name)
            if by_path == thing.name:
                report.error(at, f"the package `{thing.name}` depends on itself", "remove it")
            elif by_path in packages:
                kept.append(by_path)
            elif name not in modules:
                hint = close(name, packages, otherwise="packages are " + ", ".join(sorted(packages)))
                report.missing(at, f"there is no package `{name}`", hint)
        packages[thing.name] = packages[thing.name].model_copy(update={"dependencies": tuple(sorted(set(kept)))})


def _modules(document: Document) -> set[str]:
    """Return the names of the declared modules; mistakes in them are reported elsewhere."""
    groups = [document.dependencies]
    if document.architecture is not None:
        groups.append(document.architecture.dependencies)
    names: list[str] = []
    for group in groups:
        names += (
            group if isinstance(group, dict) else [item if isinstance(item, str) else item.name for item in group or []]
        )
    return {name.split()[0] for name in names if name.split()}


def _check_holders(
    packages: dict[str, Package], drafts: Sequence[Draft], entities: Sequence[Entity], report: Report
) -> None:
    """Refuse packages in which generated code of entities could not stand; each is reported once."""
    told: set[str] = set()
    clauses: dict[str, str] = {}
    for draft, entity in zip(drafts, entities, strict=True):
        thing, package = draft.thing, packages[entity.package]
        problem = _holder_problem(package) or _clash(package, clauses)
        if problem and package.name not in told:
            told.add(package.name)
            at = thing.at / "package" if thing.doc.package else thing.name_at
            message = f"the package `{package.name}` cannot hold entities: {problem}"
            report.error(at, message, "name another package, such as models")


def _clash(package: Package, clauses: dict[str, str]) -> str:
    """Say which other package of entities has the same name in Go, or that of this one's fixtures."""
    clause = gonames.package_name(package.path)
    for taken in (clause, f"{clause}test", clause.removesuffix("test")):
        if (first := clauses.get(taken, package.name)) != package.name:
            return f"in Go its name `{clause}` clashes with that of the package `{first}`"
    clauses[clause] = package.name
    return ""


def _holder_problem(package: Package) -> str:
    """Say why entities cannot stand in a package."""
    clause = gonames.package_name(package.path)
    if package.implied and (problem := path_problem(package.path)):
        return problem
    if clause in gonames.KEYWORDS:
        return f"`{clause}` is a keyword of Go"
    if clause == "main" or package.name == "main":
        return "a program cannot be imported"
    if package.path.endswith("_test") or package.name.endswith("_test"):
        return "names that end with _test belong to tests"
    if clause in gonames.PREDECLARED:
        return f"`{clause}` means something else in Go"
    if clause in _LOCAL_IN_CODE:
        return f"generated tests have variables named `{clause}`"
    if clause in _USED_BY_CODE:
        return f"generated code imports another package named `{clause}`"
    if not gonames.is_identifier(clause):
        return "its last segment gives no Go package name"
    return ""
