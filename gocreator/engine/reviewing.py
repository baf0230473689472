"""Reviews of what models wrote: asked for as soon as a file is there, beside the calls that write others.

A review is an artifact, known by the text that it is about and the contracts that this uses, so a text is reviewed
once. What is serious becomes one repair, whose text is reviewed too; all else is reported.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gocreator.engine.asking import Asker
from gocreator.engine.callplan import PlannedCall
from gocreator.engine.commit import Committer
from gocreator.engine.conversing import Conversations
from gocreator.engine.estimating import Estimators
from gocreator.engine.jobs import Job, Signal
from gocreator.engine.models import Models
from gocreator.engine.question import Asking
from gocreator.engine.session import Session
from gocreator.engine.steps import Made, NotMade
from gocreator.engine.wanting import Taken, Wanted, key_of, meaning_of
from gocreator.observe.events import Bus, Purpose, RepairFinished, RepairStarted, ReviewFailed, ReviewFinished, Warned
from gocreator.plan.staleness import READY, Finding
from gocreator.plan.target import Target
from gocreator.prompt.cost import Billed
from gocreator.prompt.prompt import Prompt
from gocreator.prompt.review import findings_in, refusals, review_meaning, review_path, review_prompt
from gocreator.prompt.texts import Texts
from gocreator.store.artifacts import ArtifactStore
from gocreator.store.entry import Kind
from gocreator.values import Origin, RelPath, RuleName


@dataclass(frozen=True)
class Reviewable:
    """A file that was not reviewed yet."""

    target: Target
    content: bytes
    """What is reviewed; of a file that is still to be written, about that."""
    present: bool


def unreviewed(session: Session, models: Models, store: ArtifactStore, findings: Iterable[Finding]) -> list[Reviewable]:
    """Return the files of models that a build of these findings would have reviewed.

    Of those that are up to date, it is what was written on this machine: who pulled the rest had no part in it.
    """
    if not models.with_key(models.reviewers):
        return []
    found = []
    for finding in findings:
        target = finding.target
        if target.origin is not Origin.MODEL or not target.path.endswith(".go"):
            continue
        content, present = _text_of(finding, session, models, store)
        if content is not None and not _is_known(session.texts, models, store, target, content):
            found.append(Reviewable(target, content, present))
    return found


def _text_of(finding: Finding, session: Session, models: Models, store: ArtifactStore) -> tuple[bytes | None, bool]:
    """Return what would be reviewed of a file, and whether it is there; None if it would not be."""
    target = finding.target
    meaning = meaning_of(target, session.texts)
    held = [it for rung in models.ladder if (it := store.look(Kind.ARTIFACT, key_of(meaning, rung)))]
    if finding.work and not target.awaits:
        return next((it.content for it in held if models.takes(it)), target.content), False
    if finding.status not in READY or finding.accepted:
        return None, True
    content = session.tree.read(target.path)
    return (content if content in [it.content for it in held] else None), True


def _is_known(texts: Texts, models: Models, store: ArtifactStore, target: Target, content: bytes) -> bool:
    meaning = review_meaning(texts, target, content)
    return any(store.look(Kind.ARTIFACT, key_of(meaning, rung)) for rung in models.reviewers)


def plan_reviews(texts: Texts, models: Models, wanted: Sequence[Reviewable]) -> tuple[PlannedCall, ...]:
    """Return the calls that review files, with about what they take."""
    if not wanted:
        return ()
    estimator = Estimators(models).of(models.with_key(models.reviewers)[0])
    calls = []
    for it in wanted:
        prompt = review_prompt(texts, it.target, it.content.decode(errors="replace"))
        raw = estimator.raw(prompt.parts, prompt.output)
        billed, output = Billed(uncached=sum(map(estimator.part, prompt.parts))), estimator.output(raw)
        calls.append(
            PlannedCall(
                targets=(it.target,),
                members=(it.target,),
                prompt=prompt,
                billed=billed,
                output=output,
                seconds=estimator.seconds(raw),
                cost=estimator.dollars(billed, output),
                raw=raw,
                prefixes=(),
                lifetime=0.0,
                rung=estimator.rung,
                purpose=Purpose.REVIEW,
            )
        )
    return tuple(calls)


@dataclass
class Reviewer:
    """Has the files of one run reviewed; serves all threads."""

    models: Models
    asker: Asker
    committer: Committer
    bus: Bus
    repairs: bool = True
    """What is serious is to be repaired."""
    _conversations: Conversations = field(init=False)
    _repaired: set[RelPath] = field(default_factory=set)
    """The files that were repaired for what a review found: once is enough."""

    def __post_init__(self) -> None:
        self._conversations = self.asker.conversations.to(self.models.reviewers)

    def after(self, made: Made) -> Job | None:
        """Return the review of a file that was just written, if it is a model's."""
        is_code = made.writer is not None and made.target.path.endswith(".go")
        return self.job(made.target, made.content) if is_code else None

    def job(self, target: Target, content: bytes) -> Job:
        """Return the call that reviews a file."""
        return ReviewJob(self, self._conversations, target, self._wanted(target, content))

    def _wanted(self, target: Target, content: bytes) -> Wanted:
        texts = self.committer.session.texts

        def prompt() -> Prompt:
            return review_prompt(texts, target, content.decode(errors="replace"))

        return Wanted(
            path=review_path(target),
            rule=RuleName("review"),
            meaning=review_meaning(texts, target, content),
            prompt=prompt,
            accept=refusals,
            otherwise="set roles.reviewer, or review.enabled to false",
            writer="a reviewer",
            purpose=Purpose.REVIEW,
        )

    def tell(self, target: Target, taken: Taken, *, reused: bool) -> Iterator[Job]:
        """Tell what a review found; yield the repair that follows, if any."""
        findings = findings_in(taken.content)
        plain = tuple(it.model_dump() for it in findings)
        rung = taken.rung
        self.bus.emit(
            ReviewFinished(path=target.path, provider=rung.provider, model=rung.model, findings=plain, reused=reused)
        )
        serious = tuple(f"review: {it}" for it in findings if it.serious)
        if target.path in self._repaired:
            self.bus.emit(RepairFinished(path=target.path, attempt=1, fixed=not serious))
        elif serious and self.repairs and self.models.askable:
            self._repaired.add(target.path)
            yield self._repair(target, serious)

    def _repair(self, target: Target, messages: tuple[str, ...]) -> Job:
        at = self.models.place_of(self.committer.writer(target.path))
        rung = self.models.askable[at]
        self.bus.emit(
            RepairStarted(
                path=target.path, attempt=1, most=1, provider=rung.provider, model=rung.model, messages=messages
            )
        )
        return self.asker.repair(target, messages, at)

    def failed(self, target: Target, message: str) -> None:
        """Tell that a file was not reviewed."""
        self.bus.emit(ReviewFailed(path=target.path, message=message))
        if target.path in self._repaired:
            self.unmade(NotMade(target, "the repaired file was not reviewed"))

    def unmade(self, it: NotMade) -> None:
        """Tell that a file was not repaired."""
        self.bus.emit(RepairFinished(path=it.target.path, attempt=1, fixed=False, message=it.message))


def open_reviewer(models: Models, asker: Asker, committer: Committer, bus: Bus, *, repairs: bool) -> Reviewer | None:
    """Return what has files reviewed; None where nobody is to do it, or nobody can."""
    if not models.reviewers:
        return None
    if not models.with_key(models.reviewers):
        names = ", ".join(sorted({rung.provider for rung in models.reviewers}))
        bus.emit(Warned(message=f"review.enabled is set, and there is no key for {names}: nothing is reviewed"))
        return None
    return Reviewer(models, asker, committer, bus, repairs)


@dataclass(frozen=True, eq=False)
class ReviewJob:
    """One review."""

    reviewer: Reviewer
    conversations: Conversations
    target: Target
    wanted: Wanted
    targets: Sequence[Target] = ()
    """It makes none."""
    prefixes: Sequence[str] = ()
    lifetime: float = 0.0
    asks: bool = True

    @property
    def pool(self) -> str:
        """Return the provider that is asked."""
        return self.conversations.provider(Asking((self.wanted,)))

    def results(self, signal: Signal) -> Iterator[Made | NotMade | Job]:  # noqa: ARG002
        """Have the file reviewed, unless somebody has; yield what is to be done about it."""
        found = self.conversations.stored(self.wanted)
        got = found or self.conversations.get(self.wanted)
        if isinstance(got, Taken):
            yield from self.reviewer.tell(self.target, got, reused=found is not None)
        else:
            self.reviewer.failed(self.target, got.message)
