"""The contract tests catch broken implementations: mutants of what the templates write must fail them.

All mutants are packages of one module, so that one `go test` compiles and judges them.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gocreator.fcs.model import Attribute, Entity, Fcs, Package, Relationship, Type

pytestmark = pytest.mark.go

Go = Callable[..., subprocess.CompletedProcess[str]]
Render = Callable[[Fcs], dict[str, bytes]]

WANTED = 0.9
PER_OPERATOR = int(os.environ.get("MUTANTS_PER_OPERATOR", "2"))
USED = {
    "models": "var _, _, _, _, _ = uuid.New, utf8.RuneLen, time.Now, regexp.MustCompile, slices.Index[[]int]\n",
    "repository": "var _, _, _ = fault.NotFound, slices.Index[[]int], (*invalid.Error).Add\n",
    "service": "var _, _, _ = fault.NotFound, errors.New, (*invalid.Error).Add\n",
}
"""Keeps imports used where a mutant no longer needs them, by package."""


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
)

Change = tuple[str, Callable[[re.Match[str]], str]]

MODEL: dict[str, Change] = {
    "check dropped": (r"problems\.Add\(.*\)", lambda _: "_ = problems"),
    "field misnamed": (r'(problems\.Add\(")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "less flipped": (r" < (?=\S+ \{)", lambda _: " <= "),
    "less reversed": (r" < (?=\S+ \{)", lambda _: " > "),
    "greater flipped": (r" > (?=\S+ \{)", lambda _: " >= "),
    "greater reversed": (r" > (?=\S+ \{)", lambda _: " < "),
    "bound raised": (r"(?<= [<>] )(\d+)(?= \{)", lambda m: str(int(m[1]) + 1)),
    "bound lowered": (r"(?<= [<>] )(\d+)(?= \{)", lambda m: str(int(m[1]) - 1)),
    "before for after": (r"\.Before\(", lambda _: ".After("),
    "after for before": (r"\.After\(", lambda _: ".Before("),
    "negation dropped": (r"!(?=\w+[.\w]*\()", lambda _: ""),
    "bytes for runes": (r"utf8\.RuneCountInString", lambda _: "len"),
    "or becomes and": (r" \|\| ", lambda _: " && "),
    "guard reversed": (r" != nil(?= (&&|\{))", lambda _: " == nil"),
    "tag misnamed": (r'(json:")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "tag without omitempty": (r",omitempty", lambda _: ""),
    "value not taken": (r"\n\t\t(?!ID)\w+: .*,(?=\n)", lambda _: ""),
    "default replaced": (r"(?<=\t\tBalance:   |\t\tLimit:     )[^p].*(?=,)", lambda m: f"{m[0]}.Add({m[0]})"),
    "state replaced": (r"AccountStateOpen,\n", lambda _: "AccountStateClosed,\n"),
    "params ignored": (r"\*params\.\w+", lambda m: f"a.{m[0].partition('.')[2]}"),
    "rules not asked": (r"err := a\.Validate\(\); err != nil", lambda _: "err := error(nil); err != nil"),
    "value beside error": (r"return nil, err", lambda _: "return a, err"),
    "fixed key": (r"uuid\.New\(\)", lambda _: '"7d444840-9dc0-41d1-b245-5ffdce74fad2"'),
    "no key": (r"uuid\.New\(\)", lambda _: '""'),
    "local time": (r"\.UTC\(\)", lambda _: '.In(time.FixedZone("", 3600))'),
    "old time": (r"time\.Now\(\)", lambda _: "time.Now().Add(-time.Hour)"),
    "valid whatever": (r"return false", lambda _: "return true"),
    "value invalid": (r"case AccountStateOpen, ", lambda _: "case "),
    "constant changed": (r'= "open"', lambda _: '= "opened"'),
    "pattern changed": (r"\[A-Z\]\{2\}", lambda _: ".*"),
    "bound moved": (r"(99|19)(?=\.50|00, )", lambda m: str(int(m[1]) + 1)),
    "nil not asked": (r"if a == nil", lambda _: "if false && a == nil"),
    "shared": (r"\n\tclone\.\w+ = .*", lambda _: ""),
    "shared pointer": (r"clone\.(\w+) = &value", lambda _: "_ = value"),
    "no copy": (r"return &clone", lambda _: "return a"),
}

STORE: dict[str, Change] = {
    "context not asked": (r"ctx\.Err\(\)", lambda _: "error(nil)"),
    "lock lost": (r"m\.mu\.R?Lock\(\)\n\tdefer m\.mu\.R?Unlock\(\)", lambda _: ""),
    "lock too weak": (r"m\.mu\.Lock\(\)\n\tdefer m\.mu\.Unlock\(\)", lambda _: "m.mu.RLock()\n\tdefer m.mu.RUnlock()"),
    "shared": (r"\.Clone\(\)", lambda _: ""),
    "key free": (r"_, ok := m\.rows\[row\.ID\]; ok", lambda m: f"{m[0]} && false"),
    "found whatever": (r"; !ok \{", lambda _: "; !ok && false {"),
    "other error": (r"fault\.NotFound\(", lambda _: 'fmt.Errorf("%s %v", '),
    "other conflict": (r'return fault\.Conflict\((".*"), &taken\)', lambda _: "return &taken"),
    "field misnamed": (r'(taken\.Add\(")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "not unique": (r"m\.taken\(row, .*?\); err != nil", lambda m: f"{m[0]} && false"),
    "unique among others": (r"if id == own", lambda _: "if id == own && false"),
    "own value taken": (r"if id == own", lambda _: "if id != own"),
    "other value": (r"other\.(\w+) == row\.", lambda m: f"other.{m[1]} != row."),
    "nil is a value": (r"other\.(\w+) != nil && row\.\w+ != nil && .*(?= \{)", lambda m: f"other.{m[1]} == row.{m[1]}"),
    "not kept": (r"\n\tm\.rows\[row\.ID\] = .*", lambda _: ""),
    "not listed": (r"\n\tm\.order = append.*", lambda _: ""),
    "not deleted": (r"\n\tdelete\(m\.rows, id\)", lambda _: ""),
    "still listed": (r"\n\tm\.order = slices\.Delete.*", lambda _: "\n\t_ = i"),
    "two deleted": (r"m\.order, i, i\+1", lambda _: "m.order, i, min(i+2, len(m.order))"),
    "negative offset": (r"max\(offset, 0\)", lambda _: "offset"),
    "negative limit": (r"max\(limit, 0\)", lambda _: "limit"),
    "no offset": (r"m\.order\[first :", lambda _: "m.order[0:"),
    "limit ignored": (r"min\(max\(limit, 0\), total-first\)", lambda _: "total-first"),
    "total of the page": (r"return listed, total", lambda _: "return listed, len(listed)"),
    "same key": (r"m\.last\+\+", lambda _: "m.last = 1"),
    "key kept": (r"\n\trow\.ID = m\.last", lambda _: ""),
    "referred to by itself": (r" && row\.ID != id", lambda _: ""),
    "other reference": (r"(row\.\w+) == id", lambda m: f"{m[1]} != id"),
    "no reference": (r"return true, nil", lambda _: "return false, nil"),
    "reference whatever": (r"return false, nil", lambda _: "return true, nil"),
}

SERVICE: dict[str, Change] = {
    "error dropped": (r"; err != nil \{\n\t\treturn (?!nil, 0)", lambda m: m[0].replace("!= nil", "!= nil && false")),
    "made invalid": (
        r"if err != nil \{\n\t\treturn nil, fmt.Errorf\(\"(create|update)",
        lambda m: f"if err != nil && false {m[0][14:]}",
    ),
    "not wrapped": (r": %w\", err", lambda _: ': %v", err'),
    "conflict not wrapped": (r": %w: (?=\w+ refer)", lambda _: ": %v: "),
    "not kept": (r"s\.stores\.\w+\.(Create|Update)\(ctx, made\)", lambda _: "error(nil)"),
    "not removed": (r"s\.stores\.\w+\.Delete\(ctx, id\)", lambda _: "error(nil)"),
    "nothing there": (r"\} else if referred \{", lambda _: "} else if false && referred {"),
    "always referred": (r"\} else if referred \{", lambda _: "} else if true || referred {"),
    "other key": (r"\n\tmade\.ID = kept\.ID", lambda _: "\n\t_ = kept"),
    "other time": (r"\n\tmade\.CreatedAt = kept\.CreatedAt", lambda _: ""),
    "no offset": (r"List\(ctx, offset, limit\)", lambda _: "List(ctx, 0, limit)"),
    "no limit": (r"List\(ctx, offset, limit\)", lambda _: "List(ctx, offset, 100)"),
    "no total": (r"return listed, total", lambda _: "return listed, 0"),
    "field misnamed": (r'(problems\.Add\(")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "reference not asked": (r"problems\.Add\(.*\)", lambda _: "_ = problems"),
    "references not told": (r"return problems\.Err\(\)", lambda _: "return nil"),
    "nil refers": (r"made\.\w+ != nil", lambda m: f"({m[0]} || true)"),
    "nothing refers": (r"made\.\w+ != nil", lambda m: f"{m[0]} && false"),
    "other stores": (r"\{stores: stores\}", lambda _: "{stores: repository.MemoryStores()}"),
}

KINDS = {"models": MODEL, "repository": STORE, "service": SERVICE}
"""What is broken, by the package that holds it."""


def _mutants(source: str, operators: dict[str, Change], most: int) -> Iterator[tuple[str, str]]:
    for name, (pattern, change) in operators.items():
        found = [match for match in re.finditer(pattern, source) if _is_code(source, match.end())]
        for match in found[:most]:
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


@pytest.mark.parametrize("kind", KINDS)
def test_contract_tests_catch_mutants(kind: str, render: Render, go: Go, race: list[str], tmp_path: Path) -> None:
    files = render(SPECIFICATION)
    for path, content in files.items():
        if not path.endswith("_test.go") or path.startswith(f"internal/{kind}/"):
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    mutants = {}
    for path in (f"internal/{kind}/account.go", f"internal/{kind}/team.go")[: 1 if kind == "models" else 2]:
        source = files[path].decode()
        for name, text in _mutants(source, KINDS[kind], PER_OPERATOR):
            mutants[f"{path}: {name}"] = (path, f"{text}\n{USED[kind]}")
    for number, (path, changed) in enumerate(mutants.values()):
        _write(tmp_path, files, path, changed, f"mutant/m{number:03}")
    done = go(tmp_path, "test", *race, "-vet=off", "-json", f"./internal/{kind}", "./mutant/...")
    failed, unbuilt = _failed(done.stdout)
    assert f"mutants/internal/{kind}" not in failed | unbuilt, done.stdout
    packages = {f"mutants/mutant/m{number:03}": name for number, name in enumerate(mutants)}
    judged = {package: name for package, name in packages.items() if package not in unbuilt}
    survivors = [name for package, name in judged.items() if package not in failed]
    print(f"{len(judged)} of {len(mutants)} mutants are Go, survivors: {survivors}")  # noqa: T201 - for the curious
    assert len(judged) >= 35
    assert len(survivors) <= (1 - WANTED) * len(judged), survivors
