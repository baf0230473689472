"""Changes of the public API of files that are made again, against what the last build left."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gocreator.engine.session import Session
from gocreator.errors import Code, Failed
from gocreator.gosource.apichanges import api_changes
from gocreator.observe.events import ApiChanged, Bus
from gocreator.output.tree import Unwritable
from gocreator.plan.staleness import Finding
from gocreator.plan.target import Target
from gocreator.values import Origin, Part, RelPath

HINT = "allow it with GOCREATOR_OUTPUT_API_CHANGES=warn, or output.api_changes: warn"


@dataclass
class ApiWatch:
    """Knows what files declared before a run; `mode` is that of `output.api_changes`."""

    session: Session
    mode: str = "warn"
    _before: dict[RelPath, bytes] = field(default_factory=dict)
    _after: dict[RelPath, bytes] = field(default_factory=dict)

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Refuse a run whose contracts change the API of files, before anything is asked or written."""
        if self.mode != "fail":
            return
        found = {it.target.path: list(self._foreseen(it)) for it in findings if it.work}
        listed = [f"\n  {path}: {change}" for path, changes in found.items() for change in changes]
        if listed:
            raise Failed(
                f"the public API would change, so nothing was built:{''.join(listed)}", hint=HINT, code=Code.API_CHANGED
            )

    def _foreseen(self, finding: Finding) -> Iterator[str]:
        target = finding.target
        before = self._text_before(target)
        if before is None:
            return
        if target.origin is Origin.TEMPLATE:
            yield from api_changes(before, target.content)
        elif contract := target.contract(Part.FULL):
            yield from api_changes(before, contract, methods=False)

    def why_not(self, target: Target, content: bytes) -> str:
        """Note what is about to be written; return why it may not be."""
        if target.path not in self._before:
            before = self._text_before(target)
            if before is None:
                return ""
            self._before[target.path] = before
        changes = api_changes(self._before[target.path], content) if self.mode == "fail" else []
        if changes:
            return f"the public API of {target.path} would change, so it was kept: {'; '.join(changes)}; {HINT}"
        self._after[target.path] = content
        return ""

    def tell(self, bus: Bus) -> None:
        """Tell what changed."""
        for path, changes in self._changes().items():
            bus.emit(ApiChanged(path=path, changes=tuple(changes), allowed=self.mode == "allow"))

    def _changes(self) -> Mapping[RelPath, list[str]]:
        found = {path: api_changes(self._before[path], after) for path, after in sorted(self._after.items())}
        return {path: changes for path, changes in found.items() if changes}

    def _text_before(self, target: Target) -> bytes | None:
        """Return what a build left of a file that others can import; None where none did."""
        path = target.path
        if not path.endswith(".go") or path.endswith("_test.go") or target.clause == "main":
            return None
        if self.session.finding(path).record is None:
            return None
        try:
            return self.session.tree.read(path)
        except Unwritable:
            return None
