"""Contracts of packages as files: `contracts/mailer.go` stands for the `exports` of the package `mailer`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import basename, splitext

from gocreator.fcs.elements import element_file
from gocreator.fcs.imports import Import
from gocreator.fcs.model import Package
from gocreator.fcs.report import At, Report
from gocreator.gosource.importing import imports_of
from gocreator.values import ElementId

IGNORED_BY_GO = "//go:build ignore\n\n"
"""How a contract begins that gocreator writes: its folder may lie in a module of the user's, and has no bodies."""


def file_name(package: str) -> str:
    """Return the name of a package's contract: that of the package, which no other package has on any file system."""
    return f"{splitext(basename(element_file(ElementId(f'package:{package}'))))[0]}.go"


@dataclass(frozen=True)
class ContractFiles:
    """The contracts that lie beside a specification."""

    folder: str = "contracts"
    """As the user calls it."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """By file name."""

    def path(self, package: str) -> str:
        """Return where the contract of a package lies, or would lie."""
        return f"{self.folder}/{file_name(package)}"

    def at(self, package: str) -> At:
        """Return the place of a package's contract."""
        return At((), file=self.path(package))

    def of(self, package: str) -> str | None:
        """Return the contract of a package, if there is one."""
        return self.texts.get(file_name(package))


def check_used(files: ContractFiles, packages: Iterable[Package], report: Report) -> None:
    """Warn of contracts that stand for nothing."""
    known = {file_name(package.name): package for package in packages}
    for name in files.texts:
        at = At((), file=f"{files.folder}/{name}")
        if name not in known:
            report.warn(at, "this contract is not used: no package is called so", "remove it, or add the package")
        elif known[name].exports:
            stated = f"the specification gives the exports of `{known[name].name}`"
            report.warn(at, f"this contract is not used: {stated}", "remove one of the two")


def check_imports(source: str, at: At, found: Sequence[Import], module: str, report: Report) -> None:
    """Refuse imports of a contract that its declarations do not need, or that mean something else."""
    needed = {it.name: it.path if it.is_standard else f"{module}/{it.path}" for it in found}
    for it in imports_of(source.encode(errors="replace")):
        place, last = (it.line, it.column), basename(it.path)
        if it.name:
            hint = f'write `import "{it.path}"`'
            report.error_within(at, place, f"`{it.name}` is another name of an import", hint)
        elif it.path not in needed.values():
            means = (
                f"`{last}` means {needed[last]} here" if last in needed else "nothing that is declared here needs it"
            )
            report.error_within(at, place, f'import "{it.path}" cannot be used: {means}', "remove it")
