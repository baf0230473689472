"""Contracts of packages that nobody gave: asked of the planner before a build, one call each, and kept as files.

A package is asked for once those that it depends on have their contracts; what is ready is asked side by side. Each
contract is judged by planning the whole project with it, so that what is written can be built from.
"""

import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gocreator.engine.contracts import contract_prompts, needed
from gocreator.engine.conversing import Conversations, open_conversations
from gocreator.engine.gate import Gate
from gocreator.engine.options import BuildOptions
from gocreator.engine.session import Session
from gocreator.engine.steps import NotTaken
from gocreator.engine.wanting import Taken, Wanted
from gocreator.errors import DocumentError
from gocreator.fcs.contractfiles import IGNORED_BY_GO, file_name
from gocreator.fcs.model import Package
from gocreator.gosource.exported import exported_api
from gocreator.gosource.importing import imports_of
from gocreator.observe.events import Bus, ContractWritten, Purpose
from gocreator.output.tree import Tree, Unwritable
from gocreator.plan.target import Plan
from gocreator.prompt.accept import DENIED
from gocreator.values import Part, RelPath, RuleName, digest

Unplanned = Mapping[str, NotTaken]
"""Why packages have no contract, by their names."""


def plan_contracts(session: Session, options: BuildOptions, bus: Bus) -> tuple[Session, Unplanned]:
    """Ask for all contracts that the targets wait for; return a session that knows them, and what is still unknown."""
    models, unplanned = options.models, dict[str, NotTaken]()
    cancelled = threading.Event()
    conversations: Conversations | None = None
    try:
        while ready := _ready(session, options.targets, unplanned):
            _admit(session, ready, options.gate)
            conversations = conversations or open_conversations(
                models, models.planners, session.workspace, bus, cancelled
            )
            round_ = _Round(session, conversations, bus)
            unplanned |= round_.ask(ready, options.workers)
            session = Session(session.request)
    finally:
        cancelled.set()
        if conversations is not None:
            conversations.close()
    return session, unplanned


def _admit(session: Session, packages: Sequence[Package], gate: Gate) -> None:
    """Let contracts be asked for, or raise `Refused`."""
    gate.admit_files([session.contracts.path(package.name) for package in packages])
    prompts = (contract_prompts(session).of(it, RelPath(session.contracts.path(it.name))) for it in packages)
    tokens = sum(prompt.output + sum(part.tokens() for part in prompt.parts) for prompt in prompts)
    many = f"{len(packages)} contracts come" if len(packages) > 1 else "1 contract comes"
    gate.admit_tokens(tokens, f"{many} first, of the planner")


def _ready(session: Session, targets: Sequence[str], unplanned: dict[str, NotTaken]) -> list[Package]:
    """Return the packages that can be asked for now; what waits for one that failed fails with it."""
    left = {it.name: it for it in needed(session, targets) if it.name not in unplanned}
    while True:
        failed = {
            name: NotTaken(f"it waits for {session.contracts.path(on)}: {unplanned[on].message}", unplanned[on].refused)
            for name, package in left.items()
            if (on := next((it for it in package.dependencies if it in unplanned), ""))
        }
        if not failed:
            break
        unplanned |= failed
        left = {name: package for name, package in left.items() if name not in failed}
    return [package for package in left.values() if not left.keys() & set(package.dependencies)] or list(left.values())


@dataclass
class _Round:
    """Asks for contracts that do not wait for each other."""

    session: Session
    conversations: Conversations
    bus: Bus
    _drafts: dict[str, str] = field(default_factory=dict)
    """What was accepted so far, by file name: the next one is judged together with it."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, packages: Sequence[Package], workers: int) -> dict[str, NotTaken]:
        """Ask for contracts and write them; return why there is none for a package."""
        todo: queue.SimpleQueue[Package] = queue.SimpleQueue()
        for package in packages:
            todo.put(package)
        results: queue.SimpleQueue[tuple[Package, Taken | NotTaken | BaseException]] = queue.SimpleQueue()
        for _ in range(min(workers, len(packages))):
            threading.Thread(target=self._work, args=(todo, results), daemon=True).start()
        unplanned: dict[str, NotTaken] = {}
        for _ in packages:
            package, got = results.get()
            if isinstance(got, BaseException):
                raise got
            got = self._written(package, got) if isinstance(got, Taken) else got
            if isinstance(got, NotTaken):
                unplanned[package.name] = got
        return unplanned

    def _work(
        self,
        todo: "queue.SimpleQueue[Package]",
        results: "queue.SimpleQueue[tuple[Package, Taken | NotTaken | BaseException]]",
    ) -> None:
        while True:
            try:
                package = todo.get_nowait()
            except queue.Empty:
                return
            try:
                results.put((package, self.conversations.get(self._wanted(package))))
            except BaseException as error:  # noqa: BLE001  # it is raised where the results are awaited
                results.put((package, error))

    def _wanted(self, package: Package) -> Wanted:
        """Key a contract by all that the planner is told."""
        path = RelPath(self.session.contracts.path(package.name))
        prompt = contract_prompts(self.session).of(package, path)
        return Wanted(
            path=path,
            rule=RuleName("contract"),
            meaning=("contract", digest(prompt.text("system"), prompt.text("user"))),
            prompt=lambda: prompt,
            accept=lambda content: self._refusals(package, content),
            writer="the planner",
            purpose=Purpose.PLAN,
            otherwise=f"set llm.provider, write the contract yourself, or {self.session.by_template}",
        )

    def _refusals(self, package: Package, content: bytes) -> list[str]:
        """Return why a contract is not taken."""
        text = content.decode(errors="replace")
        secrets = self.conversations.secrets.find(text)
        found = [f"line {it.line}: this looks like a secret ({it.rule})" for it in secrets]
        found += self._imports(package, content)
        if found:
            return found
        with self._lock:
            drafts = self._drafts | {file_name(package.name): text}
            try:
                plan = Session(self.session.request, drafts).plan
            except DocumentError as error:
                return [str(problem) for problem in error.problems]
            contract = contract_of(plan, package)
            if not exported_api(contract.encode()).declarations:
                return ["it declares nothing that other packages can use"]
            self._drafts[file_name(package.name)] = f"{IGNORED_BY_GO}{contract.strip()}\n"
        return []

    def _imports(self, package: Package, content: bytes) -> list[str]:
        module = self.session.plan.fcs.module
        usable = contract_prompts(self.session).usable(package)
        known = {f"{module}/{it.path}" for it in usable}
        found = []
        for it in imports_of(content):
            if it.path in DENIED:
                found.append(f'line {it.line}: import "{it.path}" is not allowed: {DENIED[it.path]}')
            elif f"{it.path}/".startswith(f"{module}/") and it.path not in known:
                found.append(f'line {it.line}: import "{it.path}" is not allowed: you were not given its contract')
        return found

    def _written(self, package: Package, taken: Taken) -> Taken | NotTaken:
        """Write a contract where there is none; one that somebody wrote meanwhile wins."""
        tree = Tree(self.session.workspace.project)
        path = RelPath(self.session.contracts.path(package.name))
        try:
            created = tree.create(path, self._drafts[file_name(package.name)].encode())
        except Unwritable as error:
            return NotTaken(str(error))
        if created:
            self.bus.emit(ContractWritten(path=path, package=package.name, model=taken.rung.model))
        return taken


def contract_of(plan: Plan, package: Package) -> str:
    """Return the contract of a package's own file."""
    own = (
        it
        for it in plan.targets.values()
        if it.element == f"package:{package.name}" and not it.path.endswith("_test.go")
    )
    return next(own).contract(Part.FULL)
