"""The store as its callers see it: what is kept, found, evicted and forgotten."""

import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gocreator.store.artifacts import Kind, NoStore, open_artifacts
from gocreator.values import digest

DAY = 86400.0
WRITER = """\
import sys
from pathlib import Path
from gocreator.store.artifacts import Entry, Kind, open_artifacts
from gocreator.values import digest

store, who = open_artifacts(Path(sys.argv[1])), int(sys.argv[2])
for number in range(60):
    mine = Entry(kind=Kind.ARTIFACT, key=digest(f"{who} {number}"), content=b"x" * (number * 1000), created_at=1)
    shared = Entry(kind=Kind.PROMPT, key=digest(str(number)), content=b"y" * 40_000, created_at=1)
    assert store.put(mine) and store.put(shared)
    assert store.get(Kind.ARTIFACT, mine.key) == mine
    assert store.get(Kind.PROMPT, shared.key) == shared
store.close()
print(store.counts.damaged, store.take_warnings())
"""


def test_what_is_put_is_found_by_the_next_process(open_store: Any, make_artifact: Any) -> None:
    small, large = make_artifact(1), make_artifact(2, size=100_000)
    with_prompt = replace(small, kind=Kind.PROMPT, content=b"write it")
    store = open_store()
    assert store.get(Kind.ARTIFACT, small.key) is None
    assert all(store.put(entry) for entry in (small, large, with_prompt))
    store.close()
    again = open_store()
    assert again.get(Kind.ARTIFACT, small.key) == small
    assert again.get(Kind.ARTIFACT, large.key) == large
    assert again.get(Kind.PROMPT, small.key) == with_prompt
    assert again.get(Kind.RESPONSE, small.key) is None
    assert (again.counts.hits, again.counts.misses) == (3, 1)
    assert (store.counts.stored, store.counts.misses) == (3, 1)


def test_it_says_when_it_was_stored_and_used(open_store: Any, make_artifact: Any, clock: Any) -> None:
    store = open_store(age=10 * DAY)
    store.put(replace(make_artifact(1), created_at=0, input_tokens=100, output_tokens=50))
    stored = clock.now
    clock.now += DAY
    for _ in range(3):
        store.get(Kind.ARTIFACT, digest("1"))
    store.close()
    (held,) = open_store(age=10 * DAY).entries()
    assert held.entry.created_at == held.stored_at == stored
    assert (held.last_used_at, held.expires_at) == (clock.now, clock.now + 10 * DAY)
    assert (held.hits, held.tokens_saved) == (3, 450)
    store.put(replace(held.entry, kind=Kind.PROMPT))
    assert [it.entry.kind for it in store.entries()] == [Kind.ARTIFACT, Kind.PROMPT]


def test_a_secret_is_not_kept(open_store: Any, make_artifact: Any) -> None:
    store = open_store()
    assert not store.put(make_artifact(1), secret=True)
    assert store.get(Kind.ARTIFACT, digest("1")) is None
    assert (store.counts.secret, store.counts.stored, store.counts.skipped) == (1, 0, 0)


@pytest.mark.parametrize("size", [1000, 40_000])
def test_the_least_recently_used_go_first(open_store: Any, make_artifact: Any, clock: Any, size: int) -> None:
    limit = 100_000 + 100 * size
    store = open_store(size=limit)
    for number in range(200):
        clock.now += 1
        assert store.put(make_artifact(number, size=size))
        assert store.get(Kind.ARTIFACT, digest("0")) is not None, "it is used all the time"
    numbers = {int(held.entry.path.removeprefix("internal/models/")[:-3]) for held in store.entries()}
    assert numbers == {0, *range(200 - len(numbers) + 1, 200)}
    assert len(numbers) > 60, "no more goes than must"
    assert store.counts.evicted == 200 - len(numbers)
    assert store.summary().disk_bytes <= limit
    assert not store.put(make_artifact(999, size=limit)), "it would push out everything else"
    assert store.counts.skipped == 1


def test_a_smaller_limit_holds_at_the_next_write(open_store: Any, make_artifact: Any) -> None:
    store = open_store()
    for number in range(100):
        store.put(make_artifact(number, size=10_000))
    store.close()
    smaller = open_store(size=200_000)
    smaller.put(make_artifact(100))
    assert smaller.summary().disk_bytes <= 200_000
    assert smaller.get(Kind.ARTIFACT, digest("100")) is not None


def test_what_is_not_used_expires(open_store: Any, make_artifact: Any, clock: Any) -> None:
    store = open_store()
    for number in (1, 2, 3):
        store.put(make_artifact(number, size=50_000))
    clock.now += 60 * DAY
    assert store.get(Kind.ARTIFACT, digest("1")) is not None
    clock.now += 40 * DAY
    assert store.get(Kind.ARTIFACT, digest("2")) is None
    assert (store.counts.expired, store.summary().total.entries) == (1, 2)
    store.close()
    later = open_store()
    assert [held.entry.key for held in later.entries()] == [digest("1")]
    assert later.counts.expired == 1
    assert len(list(later.place.rglob("*.val"))) == 1, "files go with their rows"
    assert open_store(age=DAY).get(Kind.ARTIFACT, digest("1")) is None, "the age is the reader's"


def test_the_summary_is_by_kind_and_model(open_store: Any, make_artifact: Any, clock: Any) -> None:
    store = open_store()
    assert store.summary().total.entries == 0
    for number, model in enumerate(["claude", "claude", "gpt"]):
        store.put(make_artifact(number, model=model))
        clock.now += 10
    summary = store.summary()
    assert {name: share.entries for name, share in summary.shares.items()} == {
        ("artifact", "claude"): 2,
        ("artifact", "gpt"): 1,
    }
    assert summary.total.bytes > 300
    assert (summary.oldest, summary.newest) == (clock.now - 30, clock.now - 10)


def test_clearing_removes_rows_files_and_what_was_set_aside(open_store: Any, make_artifact: Any) -> None:
    store = open_store()
    for number in range(30):
        store.put(make_artifact(number, size=40_000))
    aside = store.place.with_name("artifacts.corrupt-1")
    aside.mkdir()
    (aside / "cache.db").write_bytes(b"garbage")
    assert store.clear() == 30
    assert (store.summary().total.entries, list(store.place.rglob("*.val")), aside.exists()) == (0, [], False)
    assert store.put(make_artifact(1))


def test_four_processes_write_at_once(open_store: Any) -> None:
    directory = open_store().place.parent
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(directory), str(who)], stdout=subprocess.PIPE, text=True)
        for who in range(4)
    ]
    assert [(it.communicate(timeout=60)[0], it.returncode) for it in writers] == [("0 []\n", 0)] * 4
    store = open_store()
    assert len(list(store.entries())) == store.summary().total.entries == 5 * 60
    assert (store.counts.damaged, store.take_warnings()) == (0, [])


def test_eight_threads_share_one_store(open_store: Any, make_artifact: Any) -> None:
    store, failures = open_store(), []

    def work(who: int) -> None:
        for number in range(who, who + 40):
            entry = make_artifact(number, size=number * 1000)
            if not store.put(entry) or store.get(Kind.ARTIFACT, entry.key) != entry:
                failures.append(number)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, store.take_warnings(), store.counts.stored, store.counts.hits) == ([], [], 320, 320)


def test_it_is_private_and_git_does_not_see_it(open_store: Any, make_artifact: Any, tmp_path: Path) -> None:
    store = open_store()
    store.put(make_artifact(1))
    assert stat.S_IMODE(store.place.stat().st_mode) == stat.S_IMODE(store.place.parent.stat().st_mode) == 0o700
    store.place.chmod(0o755)
    open_store().get(Kind.ARTIFACT, digest("1"))
    assert stat.S_IMODE(store.place.stat().st_mode) == 0o700
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=tmp_path, capture_output=True, check=True)
    assert status.stdout == b""


def test_nothing_is_imported_or_made_before_it_is_needed(tmp_path: Path) -> None:
    code = f"""if True:
        import sys
        from pathlib import Path
        from gocreator.store.artifacts import Kind, open_artifacts
        store = open_artifacts(Path({str(tmp_path)!r}) / "store")
        store.close()
        print("diskcache" in sys.modules, list(Path({str(tmp_path)!r}).iterdir()))
        store.get(Kind.ARTIFACT, "ab" * 32)
        print("diskcache" in sys.modules)
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False []\nTrue\n"
    assert isinstance(open_artifacts(tmp_path / "other", create=False), NoStore)


def test_a_store_that_holds_nothing(make_artifact: Any) -> None:
    store = NoStore()
    assert not store.put(make_artifact(1))
    assert store.get(Kind.ARTIFACT, digest("1")) is None
    assert (list(store.entries()), store.summary().total.entries, store.clear(), store.take_warnings()) == (
        [],
        0,
        0,
        [],
    )
