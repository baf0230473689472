import json
from pathlib import Path

from gocreator.plan.record import LockEntry
from gocreator.store.lock import Lock, Section, read_lock
from gocreator.values import Checksum, Digest, Origin, RelPath, RuleName

ENTRY = LockEntry(
    key=Digest("k"), checksum=Checksum("sha256:c"), origin=Origin.TEMPLATE, rule=RuleName("model"), rule_version=1
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    section = Section(ignored=(RelPath("b.go"),), targets={RelPath("a ü.go"): ENTRY, RelPath("b.go"): ENTRY})
    lock = Lock().with_section("generated", section).with_section("../out", Section(targets={RelPath("c"): ENTRY}))
    place = tmp_path / "gocreator.lock"
    place.write_text(lock.text())
    assert read_lock(place) == lock
    json.loads(lock.text())


def test_there_is_one_line_to_a_target_and_the_order_is_fixed() -> None:
    one = Lock().with_section("x", Section(targets={RelPath("a"): ENTRY, RelPath("b"): ENTRY}))
    two = Lock().with_section("x", Section(targets={RelPath("b"): ENTRY, RelPath("a"): ENTRY}))
    assert one.text() == two.text()
    assert sum('"key"' in line for line in one.text().splitlines()) == 2


def test_no_lock_is_an_empty_one(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "gocreator.lock") == Lock()
    assert Lock().with_section("x", Section()).sections == {}


def test_who_wrote_a_file_is_said_of_models_alone(tmp_path: Path) -> None:
    said = {"model": "m", "provider": "p", "effort": "low", "recipe": "0123456789abcdef"}
    written = ENTRY.model_copy(update=said)
    place = tmp_path / "gocreator.lock"
    lock = Lock().with_section("x", Section(targets={RelPath("a"): ENTRY, RelPath("b"): written}))
    place.write_text(lock.text())
    assert read_lock(place) == lock
    first, second = json.loads(lock.text())["outputs"]["x"]["targets"].values()
    assert first.keys() == {"key", "checksum", "origin", "rule", "rule_version", "model"}
    assert {name: second[name] for name in said} == said
