"""Contracts of packages as files: written by hand, or asked of the planner first."""

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

import gocreator
from gocreator.resources import data_dir
from tests.emulator import damages
from tests.emulator.faults import Fault, Hang, Raw, Status
from tests.emulator.interrupting import interrupt
from tests.emulator.server import Emulator

pytestmark = pytest.mark.same_place

PROVIDERS = ("anthropic", "openai")
PACKAGES = """\
packages:
  models: {}
  mailer: {purpose: sends mail, dependencies: [models]}
  digest: {purpose: sums up what happened, dependencies: [mailer]}
"""
MAILER = "contracts/mailer.go"
DIGEST = "contracts/digest.go"
HAND = """\
package mailer

import (
	"context"

	"example.com/shop/internal/models"
)

// Welcome greets a new customer.
func Welcome(ctx context.Context, customer *models.Customer) error
"""
CONTRACTS = {
    MAILER: HAND,
    DIGEST: "package digest\n\n// Sum sums up.\nfunc Sum(of []string) (string, error)\n",
}
BODIES = {
    "internal/mailer/mailer.go": "// Package mailer sends mail.\n"
    + HAND.replace("error\n", "error {\n\treturn ctx.Err()\n}\n"),
    "internal/digest/digest.go": "// Package digest sums up what happened.\npackage digest\n\n"
    '// Sum sums up.\nfunc Sum(of []string) (string, error) {\n\treturn "summed up: " + of[0], nil\n}\n',
}


@pytest.fixture
def shop(project: Any) -> Any:
    """Give a project with two packages of which nothing is known but their purposes."""
    place = project.root / "fcs.yaml"
    place.write_text(place.read_text() + PACKAGES)
    project.write(".gocreator.yaml", "retry: {initial_backoff: 1ms, max_backoff: 2ms}\n")
    return project


@pytest.fixture
def asked(shop: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """Let models write the packages alone, and the emulator answer for them."""
    for name, url in (("ANTHROPIC", emulator.url), ("OPENAI", emulator.openai_url)):
        monkeypatch.setenv(f"{name}_BASE_URL", url)
        monkeypatch.setenv(f"{name}_API_KEY", "k")
    with (shop.root / ".gocreator.yaml").open("a") as file:
        file.write("generation: {origin: template, retries: 1, origins: {package: llm}}\n")
    emulator.settings.source = CONTRACTS | BODIES
    return emulator


def _asked(emulator: Emulator) -> list[str]:
    return [path for call in emulator.calls for path in call.wanted]


def _statuses(project: Any, *flags: str) -> dict[str, str]:
    lines = project("list", "rule:package", *flags).out.splitlines()
    return {line.split()[1]: line.split()[0] for line in lines}


def test_a_contract_by_hand_stands_for_exports(shop: Any) -> None:
    shop.write(MAILER, HAND)
    assert shop("build", "--no-verify").code == 0
    text = (shop.root / "generated/internal/mailer/mailer.go").read_text()
    assert "func Welcome(ctx context.Context, customer *models.Customer) error {" in text
    assert (shop.root / "generated/internal/mailer/mailer_test.go").exists()
    assert shop("check").code == 0
    shop.edit(MAILER, "a new customer", "somebody new")
    assert _statuses(shop)["internal/mailer/mailer.go"] == "stale"
    assert sum(status == "stale" for status in _statuses(shop).values()) == 1
    assert "package:mailer: exports" in shop("why", "internal/mailer/mailer.go").out
    (shop.root / MAILER).unlink()
    assert shop("build", "--no-verify").code == 0
    assert "not implemented yet" in (shop.root / "generated/internal/mailer/mailer.go").read_text()


def test_a_contract_means_what_the_same_exports_mean(shop: Any) -> None:
    shop.write(MAILER, HAND)
    shop("build", "--no-verify")
    built = shop.files("generated")
    (shop.root / MAILER).unlink()
    exports = "// Welcome greets a new customer.\\nfunc Welcome(ctx context.Context, customer *models.Customer) error"
    shop.edit("fcs.yaml", "purpose: sends mail,", f'purpose: sends mail, exports: ["{exports}"],')
    assert shop("check").code == 0
    assert shop.files("generated") == built


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (HAND.partition("\n")[2], "", "1:1", "this contract declares nothing"),
        ("package mailer", "package mail", "1:1", "the package clause is `package mail`"),
        ("package mailer\n", "", "1:1", "there is no package clause"),
        ("error\n", "error {\n\treturn nil\n}\n", "10:1", "`Welcome` has a body"),
        ("Customer", "Custmer", "10:45", "the package `models` has no `Custmer`"),
        ("func Welcome(", "func Welcome((", "10:15", "`ctx` is no declaration of Go"),
        ('"context"', '"context"\n\t"os"', "5:2", 'import "os" cannot be used: nothing that is declared here needs it'),
        ('"context"', 'ctx "context"', "4:2", "`ctx` is another name of an import"),
        ("func Welcome", "func welcome", "10:1", "`welcome` cannot be used by other packages"),
    ],
)
def test_what_is_wrong_with_a_contract_is_told_in_its_file(
    shop: Any, old: str, new: str, place: str, message: str
) -> None:
    shop.write(MAILER, HAND.replace(old, new))
    wrong = shop("check")
    assert wrong.code == 2
    assert f"{MAILER}:{place}: " in wrong.err
    assert message in wrong.err
    assert "hint: " in wrong.err


def test_contracts_that_stand_for_nothing_are_warned_of(shop: Any) -> None:
    shop.write("contracts/nobody.go", "package nobody\n")
    shop.write(MAILER, HAND)
    shop.edit("fcs.yaml", "purpose: sends mail,", 'purpose: sends mail, exports: ["func Stop()"],')
    built = shop("build", "--no-verify")
    assert built.code == 0
    assert "contracts/nobody.go: this contract is not used: no package is called so" in built.err
    assert f"{MAILER}: this contract is not used: the specification gives the exports of `mailer`" in built.err
    assert "func Stop()" in (shop.root / "generated/internal/mailer/mailer.go").read_text()
    assert (shop.root / "contracts/nobody.go").exists()


def test_each_output_has_contracts_of_its_own(shop: Any) -> None:
    shop.write(MAILER, HAND)
    shop.write("contracts/other/mailer.go", HAND.replace("Welcome", "Greet"))
    assert shop("build", "--no-verify", "-o", "other").code == 0
    assert "func Greet(" in (shop.root / "other/internal/mailer/mailer.go").read_text()


@pytest.mark.sample(1)
@pytest.mark.parametrize("change", ["appears", "changes", "vanishes"])
def test_the_fast_path_notices_contracts(shop: Any, change: str) -> None:
    place = shop.root / MAILER
    if change != "appears":
        shop.write(MAILER, HAND)
    for _ in range(2):
        running = shop.start("build", "--no-verify")
        _, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
    if change == "vanishes":
        place.unlink()
    else:
        shop.write(MAILER, HAND.replace("greets", "welcomes"))
    out, _ = shop.start("build", "--no-verify").communicate(timeout=60)
    assert "built 0" not in out


@pytest.mark.go
@pytest.mark.sample(1)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_planner_is_asked_first_and_its_contracts_are_built(
    shop: Any, asked: Emulator, go: Any, provider: str
) -> None:
    built = shop("build", "--provider", provider)
    assert built.code == 0, built.err
    assert "verify: passed" in built.out
    assert _asked(asked)[:2] == [MAILER, DIGEST]
    assert sorted(_asked(asked)[2:]) == sorted(BODIES)
    assert asked.calls[0].body["model"] != asked.calls[2].body["model"]
    assert "func Welcome(" in str(asked.calls[1].body)
    written = (shop.root / MAILER).read_text()
    assert written.startswith("//go:build ignore\n\n// Package mailer sends mail.\npackage mailer\n")
    assert f"planned  {MAILER}" in built.err
    assert go(shop.root, "gofmt", "-l", "contracts").stdout == ""
    shop.write("go.mod", "module example.com/outer\n\ngo 1.24\n")
    shop.write("outer.go", "package outer\n")
    around = go(shop.root, "vet", "./...")
    assert around.returncode == 0, around.stderr
    count = len(asked.calls)
    assert "built 0" in shop("build").out
    assert shop("check").code == 0
    assert len(asked.calls) == count


def test_an_edit_of_a_contract_wins(shop: Any, asked: Emulator) -> None:
    shop("build", "--no-verify", "--provider", "anthropic")
    shop.edit(MAILER, "greets a new customer", "greets somebody new")
    assert set(_statuses(shop).values()) == {"stale"}
    asked.settings.source = {p: t.replace("a new customer", "somebody new") for p, t in (CONTRACTS | BODIES).items()}
    before = _asked(asked)
    assert shop("build", "--no-verify", "--provider", "anthropic").code == 0
    assert sorted(_asked(asked)[len(before) :]) == sorted(BODIES)
    assert "greets somebody new" in (shop.root / MAILER).read_text()


def test_a_contract_that_was_removed_comes_from_the_store(shop: Any, asked: Emulator) -> None:
    shop("build", "--no-verify", "--provider", "anthropic")
    count, written = len(asked.calls), shop.files("contracts")
    shutil.rmtree(shop.root / "contracts")
    assert set(_statuses(shop).values()) == {"pending"}
    assert shop("build", "--no-verify", "--provider", "anthropic").code == 0
    assert len(asked.calls) == count
    assert shop.files("contracts") == written


def test_what_is_not_known_is_pending(shop: Any, asked: Emulator) -> None:
    files = shop.files()
    flags = ("--provider", "anthropic")
    assert set(_statuses(shop, *flags).values()) == {"pending"}
    plan = shop("build", "--dry-run", *flags).out
    assert f"its contract is not known yet: {MAILER} is asked of the planner first" in plan
    assert "would ask for 2 contracts first, then build 47 to 49" in plan
    assert f'"path": "{MAILER}"' in shop("list", "--dry-run", "--json", *flags).out
    shop.write(".gocreator.yaml", "llm: {provider: anthropic}\ngeneration: {origins: {package: llm}}\n")
    assert shop("check").code == 1
    assert "is pending" in shop("why", "internal/digest/digest.go").out
    shop("list")
    assert asked.calls == []
    assert shop.files().keys() == files.keys()


def test_the_request_is_shown(shop: Any, asked: Emulator) -> None:
    shown = shop("prompt", MAILER).out
    assert "sums up what happened" in shown
    assert f'<file path="{MAILER}"/>' in shown
    assert "type Customer struct" in shown
    assert asked.calls == []


REFUSED: dict[str, Fault] = {
    "broken": damages.broken(MAILER),
    "wrong package": damages.wrong_package(MAILER),
    "missing": damages.without(MAILER),
    "prose": damages.prose(),
    "failed": Status(500),
    "a page": Raw(b"<html>bad gateway</html>", 502, "text/html"),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_contract_is_asked_for_again(shop: Any, asked: Emulator, name: str) -> None:
    asked.on(REFUSED[name], path=MAILER)
    built = shop("build", "--no-verify", "--provider", "anthropic")
    assert built.code == 0, built.err
    assert _asked(asked).count(MAILER) == 2


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("package mailer\n", "this contract declares nothing"),
        ("package mailer\n\ntype hidden int\n", "it declares nothing that other packages can use"),
        (BODIES["internal/mailer/mailer.go"], "`Welcome` has a body"),
        ('package mailer\n\nimport "os/exec"\n\nfunc Run(c *exec.Cmd)\n', 'import "os/exec" is not allowed'),
        (
            'package mailer\n\nimport "example.com/shop/internal/digest"\n\nfunc Run(c digest.Sum)\n',
            "you were not given its contract",
        ),
        ("package mailer\n\nfunc Run(c Thing)\n", "`Thing` is not declared"),
    ],
)
def test_a_contract_that_stays_wrong_fails_its_users_alone(
    shop: Any, asked: Emulator, source: str, reason: str
) -> None:
    asked.settings.source = CONTRACTS | BODIES | {MAILER: source}
    failed = shop("build", "--no-verify", "--provider", "anthropic")
    assert failed.code == 1
    assert reason in failed.err
    assert _asked(asked) == [MAILER, MAILER]
    assert reason in str(asked.calls[1].body["messages"][-1])
    assert "failed   internal/mailer/mailer.go: the contract of the package mailer is not known" in failed.err
    assert (
        f"failed   internal/digest/digest.go: the contract of the package digest is not known: it waits for {MAILER}"
        in (failed.err)
    )
    assert (shop.root / "generated/internal/models/order.go").exists()
    assert not (shop.root / "contracts").exists()


def test_without_a_key_what_waits_is_refused_by_name(
    shop: Any, asked: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    refused = shop("build", "--no-verify", "--provider", "anthropic")
    assert refused.code == 4
    assert "internal/mailer/mailer.go: the contract of the package mailer is not known: the planner writes it, and" in (
        refused.err
    )
    assert asked.calls == []
    shop.write(MAILER, HAND)
    assert _statuses(shop, "--provider", "anthropic")["internal/mailer/mailer.go"] == "missing"


def test_independent_contracts_are_asked_for_side_by_side(shop: Any, asked: Emulator) -> None:
    shop.edit("fcs.yaml", "dependencies: [mailer]", "dependencies: []")
    both = threading.Barrier(2, timeout=20)

    def source(path: str) -> str | None:
        if path in CONTRACTS:
            both.wait()
        return (CONTRACTS | BODIES).get(path)

    asked.settings.source = source
    assert shop("build", "--no-verify", "--provider", "anthropic", "-n", "2").code == 0
    assert sorted(_asked(asked)[:2]) == sorted(CONTRACTS)


def test_only_what_was_asked_for_is_planned(shop: Any, asked: Emulator) -> None:
    built = shop("build", "--no-verify", "--provider", "anthropic", "internal/mailer/mailer.go")
    assert built.code == 0, built.err
    assert _asked(asked) == [MAILER, "internal/mailer/mailer.go"]


def test_programs_and_plain_doit_ask_the_planner_too(shop: Any, asked: Emulator) -> None:
    settings = (shop.root / ".gocreator.yaml").read_text()
    shop.write(".gocreator.yaml", f"llm: {{provider: anthropic}}\n{settings}")
    shop.write("dodo.py", "import gocreator\n\ndef task_all():\n    yield from gocreator.doit_tasks(verify=False)\n")
    ran = shop.start(python=("-m", "doit"))
    out, err = ran.communicate(timeout=60)
    assert ran.returncode == 0, out + err
    assert (shop.root / MAILER).exists()
    count = len(asked.calls)
    told: list[str] = []
    shutil.rmtree(shop.root / "contracts")
    report = gocreator.build(shop.root, verify=False, on_event=lambda event: told.append(type(event).__name__))
    assert report["exit_code"] == 0
    assert told.index("ContractWritten") < told.index("RunStarted")
    assert len(asked.calls) == count
    assert Path(shop.root / MAILER).exists()


@pytest.mark.go
def test_the_example_of_the_planner_is_a_contract(project: Any) -> None:
    text = (data_dir("templates") / "prompts/planner.md.j2").read_text()
    example = text.partition('<file path="contracts/throttle.go">\n')[2].partition("</file>")[0]
    project.write("contracts/throttle.go", example)
    place = project.root / "fcs.yaml"
    place.write_text(f"{place.read_text()}packages: {{throttle: {{purpose: limits how often a client may call us}}}}\n")
    built = project("build")
    assert built.code == 0, built.err
    assert "verify: passed" in built.out
    text = (project.root / "generated/internal/throttle/throttle.go").read_text()
    assert "func (l *Limiter) Allow(ctx context.Context, client string) error {" in text


def test_a_contract_written_meanwhile_wins(shop: Any, asked: Emulator) -> None:
    def source(path: str) -> str | None:
        if path == MAILER:
            shop.write(MAILER, HAND.replace("Welcome", "Greet"))
        return (CONTRACTS | BODIES).get(path, "").replace("Welcome", "Greet" if path not in CONTRACTS else "Welcome")

    asked.settings.source = source
    built = shop("build", "--no-verify", "--provider", "anthropic")
    assert built.code == 0, built.err
    assert "func Greet(" in (shop.root / MAILER).read_text()
    assert "planned  contracts/mailer.go" not in built.err


def test_an_interrupt_ends_a_call_of_the_planner(shop: Any, asked: Emulator) -> None:
    asked.on(Hang(), path=MAILER)
    interrupt(shop.start("build", "--no-verify", "--provider", "anthropic"), asked, MAILER)
    assert not (shop.root / "contracts").exists()


def test_contracts_are_asked_for_under_the_same_limits(
    shop: Any, asked: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = ("--provider", "anthropic")
    frozen = shop("build", "--no-verify", *provider, "--frozen")
    assert frozen.code == 4
    assert f"with --frozen no model is asked, and 1 file would need one:\n  {MAILER}" in frozen.err
    monkeypatch.delenv("GOCREATOR_YES")
    with (shop.root / ".gocreator.yaml").open("a") as file:
        file.write("limits: {confirm_tokens: 100}\n")
    unasked = shop("build", "--no-verify", *provider)
    assert unasked.code == 4
    assert "1 contract comes first, of the planner" in unasked.err
    little = shop("build", "--no-verify", *provider, "--yes", "--max-tokens", "100")
    assert little.code == 4
    assert "limits.max_tokens is 100 tokens" in little.err
    assert _asked(asked) == []
    assert not (shop.root / MAILER).exists()
    assert shop("build", "--no-verify", *provider, "--yes").code == 0
