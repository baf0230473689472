"""Verify a Go project: format, build, vet, tests, linter, in this order."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from gocreator.errors import Failed
from gocreator.golang.checks import check_build, check_format, check_vet, go_files
from gocreator.golang.environment import throw_away_home
from gocreator.golang.linting import check_lint
from gocreator.golang.module import read_module
from gocreator.golang.modules import Modules, have_modules
from gocreator.golang.session import Session, VerifyOptions
from gocreator.golang.testing import check_tests
from gocreator.golang.toolchain import Toolchain
from gocreator.golang.tree import tree_digest, tree_files
from gocreator.golang.verdict import Check, CheckStatus, GoProblem, Verification, skipped

__all__ = [
    "CHECKS",
    "Check",
    "CheckStatus",
    "GoProblem",
    "Verification",
    "VerifyOptions",
    "tree_digest",
    "tree_files",
    "verify",
]

CHECKS = ("gofmt", "build", "vet", "test", "lint")
"""The names of the checks, in the order in which they are made."""


def verify(
    root: Path, toolchain: Toolchain | None, options: VerifyOptions, *, env: Mapping[str, str] | None = None
) -> Verification:
    """Make all checks; what cannot be made is skipped with the reason."""
    root = root.resolve()
    if not root.is_dir():
        raise Failed(f"{root} is not a directory", hint="build the project first")
    if toolchain is None:
        return _all_skipped("there is no Go toolchain")
    with throw_away_home() as home:
        session = Session(root, toolchain, options, os.environ if env is None else env, home, read_module(root))
        if not go_files(session):
            return _all_skipped("there are no Go files", toolchain.version)
        modules = have_modules(session) if options.modules and session.module else Modules()
        if not modules.usable:
            missing = f"modules not available: {modules.reason}"
            return replace(_all_skipped(missing, toolchain.version), unavailable=missing)
        notes = [f"modules: go.mod is as it was ({modules.reason})"] if modules.reason else []
        checks = tuple(_checks(session, notes))
    return Verification(checks, toolchain.version, tuple(notes), files=modules.files)


def _checks(session: Session, notes: list[str]) -> Iterator[Check]:
    """Make the checks one by one; what does not build is not looked at further."""
    yield check_format(session)
    build = check_build(session)
    yield build
    if build.status is not CheckStatus.PASSED:
        reason = "build failed" if build.status is CheckStatus.FAILED else build.summary
        yield from (skipped(name, reason) for name in CHECKS[2:])
        return
    yield check_vet(session)
    if session.options.enable_tests:
        check, more = check_tests(session)
        notes += more
        yield check
    else:
        yield skipped("test", "switched off")
    yield check_lint(session) if session.options.enable_linting else skipped("lint", "switched off")


def _all_skipped(reason: str, go_version: str = "") -> Verification:
    """Compose a verification that could not begin."""
    return Verification(tuple(skipped(name, reason) for name in CHECKS), go_version)
