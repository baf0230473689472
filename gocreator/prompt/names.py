"""The names of a package whose files are written apart: what each file takes, and why another may not have it.

Go allows a name once in a package. A name that a file imports may be declared by no file of its package, and a method
belongs to one file of its type's package.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname

from gocreator import gonames
from gocreator.gosource.api import Api, Kind
from gocreator.gosource.exported import exported_api
from gocreator.gosource.importing import Import, imports_of
from gocreator.plan.target import Plan, Target
from gocreator.values import Origin, Part, RelPath

Kept = Callable[[str], Mapping[RelPath, bytes]]
"""Returns the Go files of a directory that are there and stay as they are."""


@dataclass(frozen=True)
class Declared:
    """What a file takes of its package."""

    names: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()

    @classmethod
    def by(cls, content: bytes) -> "Declared":
        """Read a file."""
        return cls.of(exported_api(content), imports_of(content))

    @classmethod
    def of(cls, api: Api, imports: Iterable[Import] = ()) -> "Declared":
        """Take what was read."""
        names = (import_name(it) for it in imports)
        return cls(frozenset(api.names), frozenset(api.methods), frozenset(names) - {"", "_", "."})

    def __or__(self, other: "Declared") -> "Declared":
        """Join what two say of one file."""
        return Declared(self.names | other.names, self.methods | other.methods, self.imports | other.imports)


@dataclass
class PackageNames:
    """The names of one package, by the files that take them."""

    files: dict[RelPath, Declared] = field(default_factory=dict)

    def is_shared(self, path: RelPath) -> bool:
        """Tell whether a file has neighbours that declare anything: one that is alone may call its own as it likes."""
        return any(its.names for other, its in self.files.items() if other != path)

    def refusals(self, path: RelPath, own: Declared, promised: frozenset[str]) -> Iterator[str]:
        """Say which names of a file its package cannot have twice; those of its contract are not its choice."""
        for name in sorted(own.names & own.imports):
            yield f"{name} is declared and is the name of an import: {_rename(name, promised)}"
        for other, its in sorted(self.files.items()):
            if other == path:
                continue
            where = f"{other}, a file of the same package"
            for name in sorted((own.names & its.names) - promised):
                yield f"the name {name} is taken by {where}: name it after this file's type"
            for name in sorted(own.methods & its.methods):
                yield f"the method {name} is declared by {where}: leave it there"
            for name in sorted(own.imports & its.names):
                yield f"the import name {name} is declared by {where}: give the import another name"
            for name in sorted((own.names & its.imports) - promised):
                yield f"the name {name} is an import of {where}: name it after this file's type"


def package_names(plan: Plan, folder: str, clause: str, kept: Kept) -> PackageNames:
    """Return what the files of a package take before models write any: contracts, templates' files, files that stay."""
    files: dict[RelPath, Declared] = {}
    staying = kept(folder)
    for path, target in plan.targets.items():
        if dirname(path) == folder and target.clause == clause:
            files[path] = Declared.of(exported_api(target.contract(Part.FULL)))
            if target.origin is Origin.TEMPLATE and path not in staying:
                files[path] |= Declared.by(target.content)
    for path, content in staying.items():
        if exported_api(content).package == clause:
            files[path] = files.get(path, Declared()) | Declared.by(content)
    return PackageNames(files)


def unlike(target: Target, names: Iterable[str], contract: Api) -> Iterator[str]:
    """Say which names of a file, beside its contract's, do not tell the file that they belong to."""
    stem = basename(target.path).removesuffix(".go").removesuffix("_type")
    types = [it.name for it in contract.declarations if it.kind in (Kind.STRUCT, Kind.INTERFACE, Kind.TYPE)]
    fitting = {_plain(name) for name in (stem, *types)}
    for name in sorted(set(names) - set(contract.names)):
        if not any(part in _plain(name) for part in fitting):
            better = gonames.unexported(stem) + gonames.exported(name)
            yield f"the name {name} does not tell which file of the package it belongs to: call it {better}"


def import_name(found: Import) -> str:
    """Return what a file calls a package: as it says, or what the path lets expect, without its version."""
    parts = [part for part in found.path.split("/") if not re.fullmatch(r"v\d+", part)]
    return found.name or re.split(r"[^\w]", parts[-1].removeprefix("go-") if parts else "")[0]


def _rename(name: str, promised: frozenset[str]) -> str:
    return "give the import another name" if name in promised else "call one of them otherwise"


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
