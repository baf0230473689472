"""The one door through which targets reach the user's tree: file, base copy and record as one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from doit.task import Task

from gocreator.engine.apichanges import ApiWatch
from gocreator.engine.mending import warn_of
from gocreator.engine.session import Session
from gocreator.engine.steps import Made
from gocreator.observe.events import BackedUp, Bus, TargetKept, TargetOutdated, TargetUpToDate
from gocreator.output.merge import merge_lines, merge_requirements
from gocreator.output.tree import Tree, Unwritable
from gocreator.plan.record import Record, Writer
from gocreator.plan.staleness import READY, Finding
from gocreator.plan.target import Target
from gocreator.store.aside import set_aside
from gocreator.store.state import StateDb
from gocreator.values import Checksum, Digest, Origin, RelPath, Status, checksum, digest, matches


@dataclass
class Committer:
    """Writes what was made, records it, and settles what need not be made."""

    session: Session
    state: StateDb
    bus: Bus
    backup: Tree
    forced: frozenset[RelPath]
    """Edited files that are rewritten on request, after a copy."""
    reasons: Mapping[RelPath, tuple[str, ...]]
    watch: ApiWatch
    recorded: set[RelPath] = field(default_factory=set)
    """The paths that were recorded."""
    _written: dict[RelPath, Digest] = field(default_factory=dict)
    """What files hold since this run wrote them."""
    _base: Tree = field(init=False)
    _planned: Tree = field(init=False)

    def __post_init__(self) -> None:
        self._base = Tree(self.session.workspace.base, durable=False)
        self._planned = Tree(self.session.workspace.planned, durable=False)

    def commit(self, made: Sequence[tuple[Task, Made]]) -> dict[str, str]:
        """Write files that were made and fill in their records; return messages for those that failed."""
        content: dict[RelPath, bytes] = {}
        failures: dict[str, str] = {}
        for _, it in made:
            path = it.target.path
            try:
                content[path] = self._prepared(it)
            except Unwritable as error:
                failures[path] = str(error)
                continue
            if why_not := self.watch.why_not(it.target, it.content):
                del content[path]
                failures[path] = why_not
        sums = {path: self._checksum(text) for path, text in content.items()}
        self.state.intend(sums)
        failures |= {path: str(error) for path, error in self.session.tree.write(content).items()}
        for path in content.keys() - failures.keys():
            self.session.sights.wrote(path, content[path], sums[path])
            self._written[path] = digest(content[path])
        pristine = {it.target.path: it.content for _, it in made if it.target.path not in failures}
        self._base.write(pristine)
        for task, it in made:
            if it.target.path in pristine:
                task.values = self._record(it.target, it.content, it.writer)
                it.target.rendering.forget()
        return failures

    def writer(self, path: RelPath) -> Writer | None:
        """Return the model that wrote a file, as it is recorded by now."""
        record = self.state.records().get(path)
        return record.writer if record else None

    def settle(self, task: Task, finding: Finding) -> bool:
        """Leave a target alone, and say so; True if what is known of it is to be recorded."""
        target = finding.target
        if finding.status in READY:
            self.tell(finding)
        else:
            self._keep(finding)
        if finding.status not in READY and not finding.adopt:
            return False
        pristine, writer = self._as_generated(finding)
        self._base.write({target.path: pristine})
        task.values = self._record(target, pristine, writer)
        if finding.accepted and finding.record is not None:
            task.values |= {"checksum": finding.record.checksum, "accepted": True}
        return True

    def tell(self, finding: Finding) -> None:
        """Say that a target is up to date, or that only how it is asked for is not."""
        target = finding.target
        if finding.status is Status.OUTDATED:
            self.bus.emit(TargetOutdated(path=target.path, phase=target.phase, reasons=finding.changes))
            return
        self.bus.emit(TargetUpToDate(path=target.path, phase=target.phase, adopted=finding.adopt))

    def _keep(self, finding: Finding) -> None:
        """Say that an edited file was kept; what a stale one would hold is written where it can be merged from."""
        target, planned = finding.target, ""
        stale = finding.status is Status.EDITED_STALE
        if stale and target.origin is Origin.TEMPLATE:
            self._planned.write({target.path: target.content})
            place = self._planned.path(target.path).relative_to(self.session.workspace.project)
            planned = place.as_posix()
        reasons = self.reasons.get(target.path, ())
        self.bus.emit(TargetKept(path=target.path, phase=target.phase, reasons=reasons, stale=stale, planned=planned))

    def _prepared(self, made: Made) -> bytes:
        """Return the bytes to write, after a copy of what is there where forced."""
        path = made.target.path
        if path in self.forced and path not in self._written:
            self._back_up(path)
        written = self._written.get(path)
        return to_write(self.session, made, self.bus, forced=path in self.forced and written is None, written=written)

    def _checksum(self, data: bytes) -> Checksum:
        return checksum(data, self.session.request.checksum_algorithm)

    def _back_up(self, path: RelPath) -> None:
        content = self.session.tree.read(path)
        if content is not None:
            for error in self.backup.write({path: content}).values():
                raise error
            place = self.backup.path(path).relative_to(self.session.workspace.project)
            self.bus.emit(BackedUp(path=path, backup=place.as_posix()))

    def _as_generated(self, finding: Finding) -> tuple[bytes, Writer | None]:
        """Return the text of a target that is up to date, and the model that wrote it: a model's is what lies there."""
        target, record = finding.target, finding.record
        if target.origin is Origin.TEMPLATE or record is None:
            return target.content, None
        generated = self._base.read(target.path) if record.accepted else self.session.tree.read(target.path)
        return generated or b"", record.writer

    def _record(self, target: Target, pristine: bytes, writer: Writer | None) -> dict[str, Any]:
        self.recorded.add(target.path)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Record.of(target, self._checksum(pristine), now, writer=writer).model_dump(mode="json")


def to_write(session: Session, made: Made, bus: Bus, *, forced: bool = False, written: Digest | None = None) -> bytes:
    """Return the bytes to write for a target: merged with the user's where the file is shared.

    Raise `Unwritable` if the file is no longer what the session found, or what was `written` since, unless that is
    `forced`.
    """
    target, path = made.target, made.target.path
    mine = session.tree.read(path)
    now = None if mine is None else digest(mine)
    if not forced and now not in (written or session.finding(path).seen, digest(made.content)):
        raise Unwritable(f"{path}: edited while the build ran, so it was kept", hint="build again")
    if mine is None or not target.merge:
        return made.content
    base = _pristine(session, made, bus) if session.finding(path).record is not None else None
    text = (mine.decode(errors="surrogateescape"), made.content.decode())
    before = None if base is None else base.decode(errors="surrogateescape")
    merge = merge_lines if target.merge == "lines" else merge_requirements
    return merge(before, *text).encode(errors="surrogateescape")


def _pristine(session: Session, made: Made, bus: Bus) -> bytes | None:
    """Return the text that was last generated; a copy that is not what was recorded here is set aside."""
    tree, path = Tree(session.workspace.base), made.target.path
    base, record = tree.read(path), session.memory.records.get(path)
    if base is None or record is None or base == made.content or matches(record.checksum, base):
        return base
    place = tree.path(path)
    warn_of(place, set_aside(place), "it is not what was generated", bus)
    return None
