"""Find out what the project as a whole is: its names, its modules, how it is built and tested."""

import re
from typing import Any

from gocreator import gonames
from gocreator.fcs.document import BuildDoc, DependencyDoc, Document, PatternDoc, TestingDoc
from gocreator.fcs.model import Build, Dependency, Pattern, Testing
from gocreator.fcs.naming import distinct, named
from gocreator.fcs.paths import escape_problem, module_problem
from gocreator.fcs.report import ROOT, At, Report
from gocreator.fcs.types import close

LEAST_GO = (1, 22)
"""The router of net/http understands methods and parameters from this version on."""

_GO_VERSION = re.compile(
    r"(>=|\^|~)?\s*(?:go)?\s*([0-9]{1,3})\.([0-9]{1,3})(?:\.([0-9]{1,3}|x))?\s*(\+|or later)?\Z", re.IGNORECASE
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_SYSTEMS = frozenset(
    "aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris wasip1 windows".split()
)
_SYSTEM_ALIASES = {"any": "", "all": "", "macos": "darwin", "mac": "darwin", "osx": "darwin", "win": "windows"}
_RUNS_PROGRAMS = ("-toolexec", "-exec", "-overlay", "-modfile", "-C")


def read_names(document: Document, report: Report) -> dict[str, str]:
    """Return name, module and title of the project."""
    output_path = _first(document, "output_path")
    spoken, at = _spoken_name(document, output_path)
    name = gonames.kebab(spoken)
    if not name:
        report.error(at, f"`{spoken}` gives no name of a program", "use letters a to z, or give `module`")
        name = "app"
    module = document.module.strip("/") or name
    if document.module and (problem := module_problem(document.module)):
        hint = "write a path such as example.com/shop"
        report.error(ROOT / "module", f"`{document.module}` cannot be a Go module path: {problem}", hint)
    elif not document.module and (problem := module_problem(module)):
        report.error(at, f"`{module}` cannot be a Go module path: {problem}", "give `module`, such as example.com/shop")
    return {"name": name, "module": module, "title": document.title or document.name or spoken}


def _spoken_name(document: Document, output_path: str) -> tuple[str, At]:
    """Return the name as its author wrote it, and where."""
    if document.name:
        return document.name, ROOT / "name"
    if document.module:
        parts = [part for part in document.module.split("/") if part]
        versioned = len(parts) > 1 and re.match(r"v[0-9]+\Z", parts[-1])
        return (parts[-2] if versioned else parts[-1]) if parts else "", ROOT / "module"
    last = output_path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if last not in ("", ".", "..", "bin"):
        return last, ROOT
    identity = document.id.removeprefix("fcs-")
    if identity and not _UUID.match(identity):
        return identity, ROOT / "id"
    return "app", ROOT


def _first(document: Document, field: str) -> Any:
    """Return a field of the build from either place."""
    for part in (document.build, document.build_config):
        if part is not None and getattr(part, field):
            return getattr(part, field)
    return ""


def read_build(document: Document, report: Report) -> Build:
    """Return how the program is built."""
    values: dict[str, Any] = {}
    for key, part in (("build", document.build), ("build_config", document.build_config)):
        if part is not None:
            for name, value in _build_values(part, ROOT / key, report).items():
                _take(values, name, value, ROOT / key / name, report)
    return Build(**values)


def _take(values: dict[str, Any], name: str, value: Any, at: At, report: Report) -> None:
    """Take a value unless another place gave a different one."""
    if values.setdefault(name, value) != value:
        report.error(at, f"`{name}` is given twice, with different values", "keep one of them")


def _build_values(part: BuildDoc, at: At, report: Report) -> dict[str, Any]:
    """Read the values that are given in one place."""
    for key in part.model_extra or {}:
        if re.match(part.more, key):
            report.warn(At((*at.loc, key), key=True), f"`{key}` is not used", "say what you need under `requirements`")
    values: dict[str, Any] = {}
    if part.go_version:
        values["go_version"] = _go_version(part.go_version, at / "go_version", report)
    if part.output_path:
        if problem := escape_problem(part.output_path):
            report.error(at / "output_path", f"`{part.output_path}` cannot be used: {problem}", "such as bin/app")
        values["output_path"] = re.sub(r"^(\./)+", "", part.output_path).rstrip("/")
    if part.build_flags:
        _check_flags(part.build_flags, at / "build_flags", report)
        values["build_flags"] = tuple(part.build_flags)
    if part.target_os:
        values["target_os"] = _system(part.target_os, at / "target_os", report)
    return values


def _go_version(text: str, at: At, report: Report) -> str:
    """Read a Go version, and raise it to what generated code needs."""
    found = _GO_VERSION.match(text)
    if not found or found[2] != "1":
        report.error(at, f"`{text}` is no version of Go", 'write one such as "1.24", or "1.24+" for at least')
        return Build().go_version
    minor, patch = int(found[3]), found[4]
    if (1, minor) < LEAST_GO:
        least = f"{LEAST_GO[0]}.{LEAST_GO[1]}"
        report.warn(at, f"Go {text} was raised to {least}", f"generated code needs Go {least}")
        return least
    return f"1.{minor}" + (f".{int(patch)}" if patch and patch != "x" else "")


def _check_flags(flags: list[str], at: At, report: Report) -> None:
    """Refuse what is no flag, and flags that run other programs."""
    for index, flag in enumerate(flags):
        name = "-" + flag.lstrip("-").partition("=")[0].split(" ")[0]
        if not flag.startswith("-") or "\n" in flag:
            report.error(at / index, f"`{flag}` is no flag of `go build`", "flags start with `-`")
        elif name in _RUNS_PROGRAMS:
            report.error(at / index, f"the flag `{name}` is not allowed in a specification", "remove it")


def _system(text: str, at: At, report: Report) -> str:
    """Read an operating system."""
    system = _SYSTEM_ALIASES.get(text.lower(), text.lower())
    if system and system not in _SYSTEMS:
        hint = close(text, _SYSTEMS, otherwise="such as linux, darwin, windows or any")
        report.warn(at, f"`{text}` is no operating system that Go knows; it was taken as any", hint)
        return ""
    return system


def read_testing(document: Document, report: Report) -> Testing:
    """Return how the program is tested."""
    values: dict[str, Any] = {}
    for key, part in (("testing", document.testing), ("testing_strategy", document.testing_strategy)):
        if part is not None:
            for name, value in _testing_values(part).items():
                _take(values, name, value, ROOT / key / name, report)
    for key, build in (("build", document.build), ("build_config", document.build_config)):
        if build is not None and build.test_coverage_target is not None and "coverage_target" not in values:
            at = ROOT / key / "test_coverage_target"
            _take(values, "coverage_target", float(build.test_coverage_target), at, report)
    _check_coverage(document, report)
    return Testing(**values)


def _testing_values(part: TestingDoc) -> dict[str, Any]:
    """Return the values that are given in one place."""
    values: dict[str, Any] = {"unit_tests": part.unit_tests, "integration_tests": part.integration_tests}
    values["coverage_target"] = None if part.coverage_target is None else float(part.coverage_target)
    values["frameworks"] = tuple(part.frameworks) or None
    return {name: value for name, value in values.items() if value is not None}


def _check_coverage(document: Document, report: Report) -> None:
    """Refuse what is no percentage."""
    places = (
        ("testing", "coverage_target", document.testing),
        ("testing_strategy", "coverage_target", document.testing_strategy),
        ("build", "test_coverage_target", document.build),
        ("build_config", "test_coverage_target", document.build_config),
    )
    for key, name, part in places:
        value = getattr(part, name, None)
        if value is not None and not 0 <= value <= 100:
            report.error(ROOT / key / name, f"`{name}` cannot be {value}", "it is a percentage: 0 to 100")


def read_dependencies(document: Document, report: Report) -> tuple[Dependency, ...]:
    """Return the Go modules of both places; `path version` in one text is understood."""
    found = []
    for thing in distinct(_in_both(document, "dependencies", "dependency", report), "dependency", report):
        doc = thing.doc
        name, _, version = thing.name.replace("@", " ").partition(" ")
        if isinstance(doc, str):
            doc = DependencyDoc(name=name, version=version or ("" if doc == thing.name else doc))
        if re.search(r"[^A-Za-z0-9._~/+-]", name) or not name:
            report.error(thing.name_at, f"`{thing.name}` is no Go module", "such as github.com/google/uuid")
        if re.search(r"\s", doc.version):
            report.error(thing.at / "version", f"`{doc.version}` is no version of a module", "such as v1.2.3")
        found.append(Dependency(name=name, version=doc.version or version.strip(), purpose=doc.purpose))
    return tuple(sorted(found, key=lambda item: item.name))


def read_patterns(document: Document, report: Report) -> tuple[Pattern, ...]:
    """Return the patterns of both places."""
    found = []
    for thing in distinct(_in_both(document, "patterns", "pattern", report), "pattern", report):
        doc = thing.doc
        if isinstance(doc, str):
            doc = PatternDoc(description="" if doc == thing.name else doc)
        applies_to = tuple(sorted(set(doc.applies_to)))
        found.append(Pattern(name=thing.name, description=doc.description, applies_to=applies_to))
    return tuple(sorted(found, key=lambda item: item.name))


def _in_both(document: Document, key: str, kind: str, report: Report) -> list[Any]:
    """Return the named things of the top level and of `architecture`."""
    things = named(getattr(document, key), ROOT / key, kind, report)
    if document.architecture is not None:
        things += named(getattr(document.architecture, key), ROOT / "architecture" / key, kind, report)
    return things
