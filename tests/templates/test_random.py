"""Entities of any shape become Go: all types in all forms, with rules, defaults and enums, at random but repeatably."""

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gocreator.fcs.load import load_fcs
from gocreator.fcs.model import Fcs

pytestmark = pytest.mark.go

Go = Callable[..., subprocess.CompletedProcess[str]]
Tree = Callable[[Fcs], Path]
Attributes = dict[str, dict[str, Any]]

SEEDS = range(20260131, 20260141)
ENTITIES = 25
BASES = (
    *"uuid string text url email int int32 int64 float decimal bool timestamp date duration bytes json".split(),
    "enum(a|b c|Done)",
)
FORMS = ("{}", "{}?", "[]{}", "map[string]{}", "[][]{}", "map[string][]{}", "[]map[string]{}", "[]{}?")
DEFAULTS: dict[str, tuple[Any, ...]] = {
    "uuid": ("00000000-0000-4000-8000-000000000000",),
    "string": ("a `b`", 'say "no"', ""),
    "text": ("line\nline",),
    "url": ("https://example.com/sample",),
    "email": ("user@example.com",),
    "int": (0, 3, -7),
    "int32": (2,),
    "int64": (9007199254740993,),
    "float": (0, 2.5, -1.0, 1e300),
    "decimal": ("0", "19.99", "-1.50"),
    "bool": (True, False),
    "timestamp": ("2026-01-31T12:30:00Z",),
    "date": ("2026-01-31",),
    "duration": ("30m", "336h", "1m30s", "-1h", "0s"),
    "json": ('{"a": [1]}',),
    "enum(a|b c|Done)": ("b c",),
}
BOUNDS: dict[str, tuple[dict[str, Any], ...]] = {
    "int": ({"min": 0}, {"min": -3, "max": 1000}),
    "int32": ({"min": -(2**31), "max": 2**31 - 1}, {"max": 9}),
    "int64": ({"min": -(2**63), "max": 2**63 - 1},),
    "float": ({"min": 0}, {"min": -0.5, "max": 1e20}),
    "decimal": ({"min": 0}, {"min": "-9.99", "max": "99.50"}),
    "timestamp": ({"min": "2000-01-01T00:00:00Z"},),
    "date": ({"min": "1900-01-01", "max": "2100-12-31"},),
    "duration": ({"min": "1s", "max": "1h30m"}, {"max": "2160h"}),
}
LENGTHS: tuple[dict[str, Any], ...] = ({"max_length": 40}, {"min_length": 1}, {"min_length": 2, "max_length": 40})
SIZED = ("string", "text", "bytes", "email", "url")


def _attribute(base: str, form: str, chance: random.Random) -> dict[str, Any]:
    rules: dict[str, Any] = {"type": form.format(base)}
    single = form in ("{}", "{}?")
    if single and base in DEFAULTS and chance.random() < 0.4:
        rules["default"] = chance.choice(DEFAULTS[base])
    elif single and base in BOUNDS and chance.random() < 0.5:
        rules |= chance.choice(BOUNDS[base])
    elif (not single or base in SIZED) and chance.random() < 0.4:
        rules |= chance.choice(LENGTHS)
    if single and base == "string" and len(rules) == 1 and chance.random() < 0.4:
        rules["pattern"] = r"^[A-Z]{2,3}-\d+$"
    if "default" not in rules and chance.random() < 0.3:
        rules["required"] = chance.choice([True, False])
    if rules.get("required") and form.endswith("?"):
        del rules["required"]
    return rules


def _entities(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Deal out every type in every form, some entities with one attribute, so that imports have one reason."""
    cards = [(base, form) for base in BASES for form in FORMS]
    chance.shuffle(cards)
    for number in range(ENTITIES):
        size = 1 if number % 3 == 0 and number < ENTITIES - 1 else -(-len(cards) * 3 // (2 * (ENTITIES - number)))
        dealt, cards = cards[:size], cards[size:]
        attributes = {f"v{index}s": _attribute(*card, chance) for index, card in enumerate(dealt)}
        if chance.random() < 0.3:
            attributes["created_at"] = {"type": "timestamp"}
        key = chance.choice(["uuid", "string", "int", "int64"])
        yield {"name": f"Thing{chr(ord('A') + number)}", "attributes": {"id": {"type": key}, **attributes}}


@pytest.mark.sample(1)
@pytest.mark.parametrize("number", SEEDS)
def test_entities_at_random_become_go(tree: Tree, go: Go, tmp_path: Path, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - it deals types, it keeps no secrets
    document = {"name": "random", "module": "example.com/random", "entities": list(_entities(chance))}
    place = tmp_path / "fcs.json"
    place.write_text(json.dumps(document))
    root = tree(load_fcs(place).fcs)
    done = go(root, "gofmt", "-s", "-d", ".")
    assert (done.stdout, done.stderr) == ("", "")
    done = go(root, "test", "-vet=all", "./...")
    assert done.returncode == 0, done.stdout + done.stderr
