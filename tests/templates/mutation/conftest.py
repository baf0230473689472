"""Breaking what the templates write: mutants of a file, each a package of its own, judged by one `go test`."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from gocreator.fcs.model import Attribute, Endpoint, Entity, Fcs, Package, Relationship, Type

Change = tuple[str, Callable[[re.Match[str]], str]]
Go = Callable[..., subprocess.CompletedProcess[str]]
Judge = Callable[[tuple[str, ...], Mapping[str, Change], str], None]
Render = Callable[[Fcs], dict[str, bytes]]

WANTED = 0.9
"""So large a part of the mutants must be caught."""
GO = 0.8
"""So large a part of them must compile."""
PER_OPERATOR, LONG_PER_OPERATOR = 1, 3


def _attribute(name: str, base: str, **rules: object) -> Attribute:
    shape = {key: rules.pop(key) for key in ("values", "optional", "item", "entity") if key in rules}
    return Attribute(name=name, type=Type(base=base, **shape), **rules)


SPECIFICATION = Fcs(
    name="mutants",
    module="mutants",
    packages=(Package(name="models", path="internal/models"),),
    entities=(
        Entity(
            name="Account",
            package="models",
            attributes=(
                _attribute("id", "uuid"),
                _attribute("email", "email", required=True, unique=True, max_length=60),
                _attribute("nick", "string", min_length=2, max_length=9, optional=True, unique=True),
                _attribute("sku", "string", pattern=r"^[A-Z]{2}-\d{4}$", required=True),
                _attribute("age", "int", min=18, max=120),
                _attribute("balance", "decimal", min="0", max="99.50", default="1.50"),
                _attribute("state", "enum", values=("open", "closed"), default="open"),
                _attribute("born", "date", min="1900-01-01", required=True),
                _attribute("seen", "timestamp", max="2100-01-01T00:00:00Z", optional=True),
                _attribute("limit", "duration", min="1s", default="1m30s"),
                _attribute("ratio", "float", max=1.5),
                _attribute("site", "url", optional=True),
                _attribute("tags", "list", item=Type(base="uuid"), required=True, max_length=3),
                _attribute("parent", "entity", entity="Account", optional=True),
                _attribute("team_id", "int", required=True),
                _attribute("boss_id", "uuid", optional=True),
                _attribute("created_at", "timestamp"),
                _attribute("updated_at", "timestamp"),
            ),
        ),
        Entity(
            name="Team",
            package="models",
            attributes=(
                _attribute("id", "int"),
                _attribute("name", "string", required=True, unique=True),
                _attribute("owner_id", "uuid", required=True),
                _attribute("created_at", "timestamp"),
            ),
        ),
    ),
    relationships=(
        Relationship(source="Account", target="Account", type="many_to_one", via="boss_id"),
        Relationship(source="Account", target="Team", type="many_to_one", via="team_id"),
        Relationship(source="Team", target="Account", type="many_to_one", via="owner_id"),
    ),
    endpoints=tuple(
        Endpoint(method=method, path=path, entity=entity)
        for entity, plural in (("Account", "accounts"), ("Team", "teams"))
        for path, methods in ((f"/{plural}", ("GET", "POST")), (f"/{plural}/{{id}}", ("DELETE", "GET", "PATCH", "PUT")))
        for method in methods
    ),
)


@pytest.fixture
def judge(render: Render, go: Go, race: list[str], tmp_path: Path, *, long: bool) -> Judge:
    """Break files with operators and let their tests judge; the last argument keeps imports used that a mutant lost."""

    def judged(paths: tuple[str, ...], operators: Mapping[str, Change], used: str) -> None:
        files, folder = render(SPECIFICATION), paths[0].rpartition("/")[0]
        for path, content in files.items():
            if not path.endswith("_test.go") or path.startswith(f"{folder}/"):
                target = tmp_path / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        mutants = {}
        for path in paths:
            for what, text in _mutants(files[path].decode(), operators, LONG_PER_OPERATOR if long else PER_OPERATOR):
                mutants[f"{path}: {what}"] = (path, f"{text}\n{used}\n")
        for number, (path, changed) in enumerate(mutants.values()):
            _write(tmp_path, files, path, changed, f"mutant/m{number:03}")
        done = go(tmp_path, "test", *race, "-vet=off", "-timeout=15s", "-json", f"./{folder}", "./mutant/...")
        failed, unbuilt = _failed(done.stdout)
        assert f"mutants/{folder}" not in failed | unbuilt, done.stdout
        packages = {f"mutants/mutant/m{number:03}": what for number, what in enumerate(mutants)}
        ran = {package: what for package, what in packages.items() if package not in unbuilt}
        survivors = [what for package, what in ran.items() if package not in failed]
        print(f"{len(ran)} of {len(mutants)} mutants are Go, survivors: {survivors}")  # noqa: T201 - for the curious
        assert len(ran) >= GO * len(mutants)
        assert len(survivors) <= (1 - WANTED) * len(ran), survivors

    return judged


def _mutants(source: str, operators: Mapping[str, Change], each: int) -> Iterator[tuple[str, str]]:
    for name, (pattern, change) in operators.items():
        found = [match for match in re.finditer(pattern, source) if _is_code(source, match.end())]
        for match in found[:each]:
            line = source.count("\n", 0, match.end()) + 1
            yield f"{name}, line {line}", source[: match.start()] + change(match) + source[match.end() :]


def _is_code(source: str, place: int) -> bool:
    line = source[source.rfind("\n", 0, place - 1) + 1 : place]
    return not line.strip().startswith(("//", 'problems.Add("sku", "must', 'problems.Add("balance", "must'))


def _write(root: Path, files: dict[str, bytes], path: str, changed: str, place: str) -> None:
    """Write the package of a file with its tests under another path, with another text of the file."""
    folder = path.rpartition("/")[0]
    for name, content in files.items():
        if name.startswith(f"{folder}/"):
            text = changed if name == path else content.decode()
            target = root / name.replace(folder, place)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace(f'"mutants/{folder}', f'"mutants/{place}'))


def _failed(output: str) -> tuple[set[str], set[str]]:
    """Return the packages whose tests failed, and those that could not be built."""
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    ended = [event for event in events if event["Action"] == "fail" and "Test" not in event]
    unbuilt = {event["Package"] for event in ended if "FailedBuild" in event}
    return {event["Package"] for event in ended} - unbuilt, unbuilt
