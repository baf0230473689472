"""Rules in free words: services promise them, templates say that they do not keep them, models keep them."""

import json
import shutil
from typing import Any

import pytest

from tests.emulator.server import Emulator

pytestmark = pytest.mark.same_place

SERVICE = "internal/service/loan.go"
PROVIDERS = ("anthropic", "openai")
LIBRARY = """\
name: library
module: example.com/library
entities:
  - name: Book
    attributes: {title: string}
  - name: Loan
    attributes:
      book_id: uuid
      reader: string
      days: {type: int, min: 1}
      closed: bool
      created_at: timestamp
    rules:
      - A loan ends at most 28 days after it began.
      - A closed loan cannot be opened again.
relationships:
  - {from: Loan, to: Book, type: many_to_one, via: book_id}
endpoints: [POST /loans, "GET /loans/{id}", "PUT /loans/{id}", "PATCH /loans/{id}", "DELETE /loans/{id}", GET /books]
requirements:
  - {id: FR-1, description: Readers are reminded of loans that end.}
  - {id: FR-2, description: The program starts within a second.}
"""
KEEPS = """
// keepsRules returns an error if made breaks a rule; kept is the record that it replaces, nil for a new one.
func (s *LoanService) keepsRules(kept, made *models.Loan) error {
	var problems invalid.Error
	if made.Days > LONGEST {
		problems.Add("days", "must be at most LONGEST")
		return &problems
	}
	if kept != nil && kept.Closed && !made.Closed {
		problems.Add("closed", "cannot be undone")
		return fault.Conflict(&problems)
	}
	return nil
}
"""
JUDGE = """\
package service_test

import (
	"context"
	"errors"
	"testing"

	"example.com/library/internal/fault"
	"example.com/library/internal/invalid"
	"example.com/library/internal/models"
)

func TestRules(t *testing.T) {
	ctx := context.Background()
	s, _, params := newLoanService(t)
	params.Days, params.Closed = 29, true
	if _, err := s.Create(ctx, params); errors.Is(err, fault.ErrConflict) || len(invalid.Names(err)) != 1 {
		t.Errorf("Create of a loan that is too long = %v, want an *invalid.Error", err)
	}
	params.Days = 28
	made, err := s.Create(ctx, params)
	if err != nil {
		t.Fatalf("Create of a long loan = %v", err)
	}
	_, err = s.Patch(ctx, made.ID, func(p *models.LoanParams) error { p.Closed = false; return nil })
	if !errors.Is(err, fault.ErrConflict) {
		t.Errorf("Patch that opens a closed loan = %v, want %v", err, fault.ErrConflict)
	}
}
"""


@pytest.fixture
def library(project: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a project with rules; keys and addresses of both providers are set."""
    for name, url in (("ANTHROPIC", emulator.url), ("OPENAI", emulator.openai_url)):
        monkeypatch.setenv(f"{name}_BASE_URL", url)
        monkeypatch.setenv(f"{name}_API_KEY", "k")
    project.write("fcs.yaml", LIBRARY)
    return project


def _offline(library: Any) -> dict[str, str]:
    """Return what templates write, and leave nothing behind."""
    library("build", "--no-verify", "--origin", "template")
    written = {path: data.decode() for path, data in library.files("generated").items()}
    for place in ("generated", ".gocreator"):
        shutil.rmtree(library.root / place)
    (library.root / "gocreator.lock").unlink()
    return written


def _keeping(skeleton: str, longest: int = 28) -> str:
    """Make a service that keeps its rules of one that does not."""
    left = "//\n// The rules are not enforced yet: nothing is refused because of them.\n"
    assert left in skeleton
    check = (
        '\tif err := s.keepsRules(%s, made); err != nil {\n\t\treturn nil, fmt.Errorf("keep rules: %%w", err)\n\t}\n'
    )
    source = skeleton.replace(left, "")
    for kept, store in (("nil", "Create"), ("kept", "Update")):
        write = f"\tif err := s.stores.Loan.{store}(ctx, made)"
        assert source.count(write) == 1
        source = source.replace(write, check % kept + write)
    return source + KEEPS.replace("LONGEST", str(longest))


def _asked(emulator: Emulator) -> list[str]:
    return [path for call in emulator.calls for path in call.wanted]


def _report(library: Any) -> Any:
    return json.loads((library.root / ".gocreator/reports/latest/report.json").read_text())


@pytest.mark.go
@pytest.mark.sample(1)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_with_hybrid_a_model_writes_what_keeps_the_rules(library: Any, emulator: Emulator, provider: str) -> None:
    written = _offline(library)
    emulator.settings.source = written | {SERVICE: _keeping(written[SERVICE])}
    library.write("generated/internal/service/rules_test.go", JUDGE)
    built = library("build", "--origin", "hybrid", "--provider", provider)
    assert built.code == 0, built.err
    assert "verify: passed" in built.out
    assert _asked(emulator) == [SERVICE]
    assert "keepsRules" in (library.root / "generated" / SERVICE).read_text()
    assert _report(library)["needs_provider"] == []


@pytest.mark.go
def test_the_contract_tests_hold_where_a_rule_forbids_their_values(library: Any, emulator: Emulator, go: Any) -> None:
    written = _offline(library)
    emulator.settings.source = written | {SERVICE: _keeping(written[SERVICE], longest=0)}
    built = library("build", "--origin", "hybrid", "--provider", "anthropic")
    assert built.code == 0, built.err
    assert "verify: passed" in built.out
    tested = go(library.root / "generated", "test", "-v", "./internal/service", "./internal/handlers")
    assert "a rule may forbid the values of this test: create loan" not in tested.stdout
    assert "a rule may forbid the values of this test: keep rules: days must be at most 0" in tested.stdout


@pytest.mark.go
def test_offline_nothing_is_refused_and_it_is_said(library: Any) -> None:
    built = library("build")
    assert built.code == 0, built.err
    assert "verify: passed" in built.out
    assert _report(library)["needs_provider"] == [SERVICE]
    source = (library.root / "generated" / SERVICE).read_text()
    assert "//   - A closed loan cannot be opened again.\n" in source
    assert "// The rules are not enforced yet" in source


def test_a_changed_rule_makes_the_service_stale_and_nothing_else(library: Any, emulator: Emulator) -> None:
    written = _offline(library)
    emulator.settings.source = written | {SERVICE: _keeping(written[SERVICE])}
    assert library("build", "--no-verify", "--provider", "anthropic").code == 0
    assert "internal/models/loan.go" in _asked(emulator)
    library.edit(
        "fcs.yaml", "A closed loan cannot be opened again.", "A closed   loan\n        cannot be opened again."
    )
    assert library("check").code == 0
    library.edit("fcs.yaml", "at most 28 days", "at most 14 days")
    stale = [line for line in library("list").out.splitlines() if line.startswith("stale")]
    assert [line.split()[1] for line in stale] == [SERVICE]
    why = library("why", SERVICE).out
    assert "rules:Loan: rules: A loan ends at most 14 days after it began. added" in why
    assert "rules:Loan: rules: A loan ends at most 28 days after it began. removed" in why


def test_a_changed_requirement_makes_stale_what_a_model_wrote_of_what_it_mentions(
    library: Any, emulator: Emulator
) -> None:
    written = _offline(library)
    emulator.settings.source = written | {SERVICE: _keeping(written[SERVICE])}
    assert library("build", "--no-verify", "--provider", "anthropic").code == 0
    library.edit("fcs.yaml", "loans that end", "loans that end soon")
    library.edit("fcs.yaml", "within a second", "within two seconds")
    stale = [line.split()[1] for line in library("list").out.splitlines() if line.startswith("stale")]
    assert stale == ["README.md", SERVICE]
    prompt = library("prompt", SERVICE).out
    assert 'requirement:FR-1 {"description":"Readers are reminded of loans that end soon."' in prompt
    assert "FR-2" not in prompt


@pytest.mark.parametrize(
    "spelling",
    [
        "rules: [A loan ends., A book is there.]",
        "rules: [A loan ends.]\n    validation_rules: A book is there.",
        "business_rules:\n      - A loan\n        ends.\n      - A book is there.\n      - A  loan ends.",
    ],
)
def test_rules_are_read_in_every_spelling(library: Any, spelling: str) -> None:
    text = library.root / "fcs.yaml"
    before, _, after = LIBRARY.partition("    rules:\n")
    text.write_text(f"{before}    {spelling}\n{after[after.index('relationships') :]}")
    built = library("build", "--no-verify")
    assert built.code == 0, built.err
    source = (library.root / "generated" / SERVICE).read_text()
    assert "//   - A loan ends.\n//   - A book is there.\n//\n" in source


def test_a_rule_that_is_no_text_is_told_with_its_place(library: Any) -> None:
    library.edit("fcs.yaml", "- A closed loan cannot be opened again.", "- {id: 1}")
    wrong = library("check")
    assert wrong.code == 2
    assert "fcs.yaml:14:7: " in wrong.err
    assert "expected text, not a mapping" in wrong.err
