"""The contract tests catch broken implementations: mutants of the model that the templates write must fail them.

All mutants are packages of one module, so that one `go test` compiles and judges them.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gocreator.fcs.model import Attribute, Entity, Fcs, Package, Type

pytestmark = pytest.mark.go

Go = Callable[..., subprocess.CompletedProcess[str]]
Render = Callable[[Fcs], dict[str, bytes]]

WANTED = 0.9
PER_OPERATOR = int(os.environ.get("MUTANTS_PER_OPERATOR", "2"))
USED = "var _, _, _, _ = uuid.New, utf8.RuneLen, time.Now, regexp.MustCompile\n"
"""Keeps imports used where a mutant no longer needs them."""


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
                _attribute("email", "email", required=True, max_length=60),
                _attribute("nick", "string", min_length=2, max_length=9, optional=True),
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
                _attribute("created_at", "timestamp"),
                _attribute("updated_at", "timestamp"),
            ),
        ),
    ),
)

Change = tuple[str, Callable[[re.Match[str]], str]]

OPERATORS: dict[str, Change] = {
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
}


def _mutants(source: str, most: int) -> Iterator[tuple[str, str]]:
    for name, (pattern, change) in OPERATORS.items():
        found = [match for match in re.finditer(pattern, source) if _is_code(source, match.end())]
        for match in found[:most]:
            line = source.count("\n", 0, match.end()) + 1
            yield f"{name}, line {line}", source[: match.start()] + change(match) + source[match.end() :]


def _is_code(source: str, place: int) -> bool:
    line = source[source.rfind("\n", 0, place - 1) + 1 : place]
    return not line.strip().startswith(("//", 'problems.Add("sku", "must', 'problems.Add("balance", "must'))


def _write(root: Path, files: dict[str, bytes], changed: str, place: str) -> None:
    """Write the package `models` with its fixtures under another path, with another model."""
    for path, content in files.items():
        if path.startswith("internal/models/"):
            text = changed if path.endswith("models/account.go") else content.decode()
            target = root / path.replace("internal/models", place)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace('"mutants/internal/models', f'"mutants/{place}'))


def _failed(output: str) -> tuple[set[str], set[str]]:
    """Return the packages whose tests failed, and those that could not be built."""
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    ended = [event for event in events if event["Action"] == "fail" and "Test" not in event]
    unbuilt = {event["Package"] for event in ended if "FailedBuild" in event}
    return {event["Package"] for event in ended} - unbuilt, unbuilt


def test_contract_tests_catch_mutants(render: Render, go: Go, tmp_path: Path) -> None:
    files = render(SPECIFICATION)
    for path, content in files.items():
        if not path.endswith("_test.go") or path.startswith("internal/models/"):
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    source = files["internal/models/account.go"].decode()
    mutants = {name: f"{text}\n{USED}" for name, text in _mutants(source, PER_OPERATOR)}
    for number, changed in enumerate(mutants.values()):
        _write(tmp_path, files, changed, f"mutant/m{number:03}")
    done = go(tmp_path, "test", "-vet=off", "-json", "./internal/models", "./mutant/...")
    failed, unbuilt = _failed(done.stdout)
    assert "mutants/internal/models" not in failed | unbuilt, done.stdout
    packages = {f"mutants/mutant/m{number:03}": name for number, name in enumerate(mutants)}
    judged = {package: name for package, name in packages.items() if package not in unbuilt}
    survivors = [name for package, name in judged.items() if package not in failed]
    print(f"{len(judged)} of {len(mutants)} mutants are Go, survivors: {survivors}")  # noqa: T201 - for the curious
    assert len(judged) >= 40
    assert len(survivors) <= (1 - WANTED) * len(judged), survivors
