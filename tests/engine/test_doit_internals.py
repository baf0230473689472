"""The internals of doit that the engine stands on; a new version of doit must keep them or we must follow."""

import inspect
import json
from pathlib import Path

import doit
from doit.control import TaskControl
from doit.dependency import Dependency
from doit.runner import Runner
from doit.task import Task

from gocreator.engine.tasks import ContentChecker, checker_for
from gocreator.store.memory import read_state
from gocreator.store.state import StateDb


def test_the_version_is_the_one_these_tests_were_written_for() -> None:
    assert doit.__version__[:2] == (0, 37)


def test_success_is_saved_with_the_dependencies_last(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("x")
    saved: list[str] = []

    class Recording(StateDb):
        def set(self, task_id: str, dependency: str, value: object) -> None:
            saved.append(dependency)
            super().set(task_id, dependency, value)

    records = Dependency(Recording, str(tmp_path / "db"), checker_for(tmp_path))
    records.save_success(Task("t", None, file_dep=["in"]))
    assert saved[-1] == "deps:"
    assert saved[0] == "_values_:"


def test_a_task_is_durable_as_soon_as_it_is_saved(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("x")
    state = StateDb(str(tmp_path / "db"))
    records = Dependency(lambda *_, **__: state, str(tmp_path / "db"), checker_for(tmp_path))
    task = Task("t", None, file_dep=["in"], uptodate=[True])
    records.save_success(task)
    # The process dies here: nothing is closed, nothing is dumped.
    second = Dependency(StateDb, str(tmp_path / "db"), checker_for(tmp_path))
    assert second.get_status(task, {}).status == "up-to-date"
    (tmp_path / "in").write_text("y")
    assert second.get_status(task, {}).status == "run"


def test_the_checker_keeps_its_name() -> None:
    assert checker_for(Path("/x")).__name__ == ContentChecker.__name__ == "ContentChecker"


def test_the_dispatcher_speaks_the_protocol_that_the_runner_expects() -> None:
    control = TaskControl([Task("a", None), Task("b", None, task_dep=["a"])])
    control.process(["a", "b"])
    generator = control.task_dispatcher().generator
    first = generator.send(None)
    assert first.task.name == "a"
    assert generator.send(None) == "hold on"
    first.run_status = "successful"
    assert generator.send(first).task.name == "b"


def test_the_runner_offers_what_is_overridden() -> None:
    assert list(inspect.signature(Runner.select_task).parameters) == ["self", "node", "tasks_dict"]
    assert list(inspect.signature(Runner.process_task_result).parameters) == ["self", "node", "base_fail"]
    assert list(inspect.signature(Runner.run_tasks).parameters) == ["self", "task_dispatcher"]


def test_states_of_former_dependencies_are_dropped(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("x")
    records = Dependency(StateDb, str(tmp_path / "db"), checker_for(tmp_path))
    records.save_success(Task("t", None, file_dep=["one"]))
    records.save_success(Task("t", None, file_dep=["two"]))
    assert records.backend.get("t", "one") is None
    assert records.backend.get("t", "two") is not None


def test_reading_leaves_no_trace(tmp_path: Path) -> None:
    assert read_state(tmp_path / "none.db").records == {}
    assert list(tmp_path.iterdir()) == []
    state = StateDb(str(tmp_path / "db"))
    state.set(":verify", "_values_:", {"key": "k"})
    state.set(":verify", "deps:", ())
    state.close()
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert read_state(tmp_path / "db").others == {":verify": {"key": "k"}}
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert json.dumps(before)
