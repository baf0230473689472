import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gocreator.errors import Failed
from gocreator.golang.isolation import why_not_isolated
from gocreator.golang.toolchain import Toolchain, find_c_compiler
from gocreator.golang.verify import (
    CHECKS,
    Check,
    CheckStatus,
    GoProblem,
    Verification,
    VerifyOptions,
    tree_digest,
    verify,
)

pytestmark = pytest.mark.go

Judge = Callable[..., Verification]
PASSED, FAILED, SKIPPED = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.SKIPPED
CART = "internal/cart/cart.go"
CART_TEST = "internal/cart/cart_test.go"


def statuses(verification: Verification) -> dict[str, str]:
    return {check.name: check.status.value for check in verification.checks}


def a_test(body: str, *imports: str) -> dict[str, str]:
    lines = "".join(f'\t"{name}"\n' for name in sorted([*imports, "testing"]))
    return {CART_TEST: f"package cart\n\nimport (\n{lines})\n\nfunc TestIt(t *testing.T) {{\n{body}\n}}\n"}


def test_a_good_project_passes_and_is_left_as_it_was(judge: Judge, tmp_path: Path, toolchain: Toolchain) -> None:
    result = judge()
    assert statuses(result) == {
        "gofmt": "passed",
        "build": "passed",
        "vet": "passed",
        "test": "passed",
        "lint": "skipped",
    }
    assert result.ok
    assert result.go_version == toolchain.version
    assert result.check("test").summary == "1 passed"
    assert "golangci-lint" in result.check("lint").summary
    before = tree_digest(tmp_path / "project")
    judge()
    assert tree_digest(tmp_path / "project") == before
    assert not (tmp_path / "project" / "shop").exists()


def test_the_verdict_is_plain_data(judge: Judge) -> None:
    data = judge({CART: "package cart\n\nfunc Add(a, b int) int { return a }\n\nvar x int = 1.5\n"}).as_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["ok"] is False
    assert data["checks"][1]["problems"][0]["file"] == CART


def test_every_error_of_a_failing_build_is_placed_and_nothing_else_runs(judge: Judge) -> None:
    lines = "".join(f"var x{number} int = missing{number}\n\n" for number in range(15))
    result = judge({CART: f"package cart\n\nfunc Add(a, b int) int {{ return a }}\n\n{lines}".rstrip() + "\n"})
    build = result.check("build")
    assert build.status is FAILED
    assert len(build.problems) == 15
    assert build.problems[0] == GoProblem(CART, 5, 14, "undefined: missing0")
    assert "undefined: missing14" in build.output_tail
    assert [result.check(name).summary for name in ("vet", "test", "lint")] == ["build failed"] * 3
    assert result.check("test").status is SKIPPED
    assert not result.ok


def test_details_of_a_compiler_error_stay_with_it(judge: Judge) -> None:
    result = judge({"cmd/shop/main.go": 'package main\n\nfunc f(a int) {}\n\nfunc main() { f("a", 2) }\n'})
    (problem,) = result.check("build").problems
    assert problem.file == "cmd/shop/main.go"
    assert "have (string, number)" in problem.message


def test_an_unformatted_file_fails_but_the_rest_is_checked(judge: Judge) -> None:
    result = judge({"internal/cart/more.go": "package cart\nfunc  more( ) {}\n"})
    assert result.check("gofmt").problems == (
        GoProblem("internal/cart/more.go", 0, 0, "is not formatted as gofmt does"),
    )
    assert result.check("test").status is PASSED
    assert not result.ok


def test_a_syntax_error_is_placed_by_gofmt_too(judge: Judge) -> None:
    result = judge({CART: "package cart\n\nfunc Add( {\n"})
    assert result.check("gofmt").problems[0].line == 3
    assert result.check("build").status is FAILED


def test_testdata_need_not_be_formatted(judge: Judge) -> None:
    assert judge({"internal/cart/testdata/x.go": "package  x"}, enable_tests=False).ok


def test_a_failing_test_is_placed(judge: Judge) -> None:
    body = '\tt.Run("three and four", func(t *testing.T) {\n\t\tt.Errorf("got %d\\nwant 7", 8)\n\t})'
    result = judge(a_test(body))
    check = result.check("test")
    assert check.problems == (GoProblem(CART_TEST, 9, 0, "TestIt/three_and_four: got 8\n\twant 7"),)
    assert check.summary == "2 failed"
    assert "--- FAIL: TestIt" in check.output_tail


def test_a_panic_is_placed_in_the_project(judge: Judge) -> None:
    result = judge(a_test("\tvar m map[string]int\n\tm[t.Name()] = 1"))
    assert result.check("test").problems == (
        GoProblem(CART_TEST, 9, 0, "TestIt: panic: assignment to entry in nil map"),
    )


def test_a_test_without_end_is_stopped(judge: Judge) -> None:
    result = judge(a_test("\tfor {\n\t}"), test_timeout=2.0)
    (problem,) = result.check("test").problems
    assert problem.message == "TestIt: panic: test timed out after 2s"
    assert problem.file == CART_TEST
    assert result.check("test").seconds < 30


def test_tests_that_never_begin_are_stopped_with_all_their_processes(judge: Judge) -> None:
    changes = {CART_TEST: 'package cart\n\nimport "testing"\n\nfunc init() {\n\tfor {\n\t}\n}\n\n' + _EMPTY_TEST}
    result = judge(changes, test_timeout=2.0, command_timeout=3.0)
    assert result.check("test").status is FAILED
    assert "timed out after" in result.check("test").summary


_EMPTY_TEST = "func TestIt(*testing.T) {}\n"


def test_a_test_that_does_not_compile_fails(judge: Judge) -> None:
    result = judge(a_test("\tundefined()"))
    assert result.check("build").status is PASSED
    assert result.check("vet").status is FAILED
    assert GoProblem(CART_TEST, 8, 2, "undefined: undefined") in result.check("test").problems


def test_vet_finds_what_compiles_but_is_wrong(judge: Judge) -> None:
    result = judge(
        {CART: 'package cart\n\nimport "fmt"\n\nfunc Add(a, b int) int { fmt.Printf("%d", "x"); return a + b }\n'}
    )
    assert "fmt.Printf" in result.check("vet").problems[0].message


def test_no_key_of_the_users_reaches_a_test(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    body = (
        '\tfor _, name := range []string{"ANTHROPIC_API_KEY", "OPENAI_API_KEY", "SSH_AUTH_SOCK"} {\n'
        '\t\tif os.Getenv(name) != "" {\n\t\t\tt.Errorf("%s is set", name)\n\t\t}\n\t}\n'
        f'\tif home, _ := os.UserHomeDir(); home == "{Path.home()}" {{\n\t\tt.Error("at home")\n\t}}'
    )
    assert judge(a_test(body, "os")).check("test").status is PASSED


@pytest.mark.skipif(bool(why_not_isolated()), reason="no network namespaces here")
def test_tests_have_the_loopback_interface_and_nothing_else(judge: Judge) -> None:
    body = (
        '\tlistener, err := net.Listen("tcp", "127.0.0.1:0")\n\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n'
        '\tif _, err := net.Dial("tcp", listener.Addr().String()); err != nil {\n\t\tt.Error(err)\n\t}\n'
        "\tinterfaces, _ := net.Interfaces()\n\tif len(interfaces) != 1 {\n\t\tt.Error(interfaces)\n\t}"
    )
    result = judge(a_test(body, "net"))
    assert result.check("test").problems == ()
    assert result.ok
    assert not any(note.startswith("network") for note in result.notes)


def test_a_machine_without_namespaces_says_so(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gocreator.golang.testing.why_not_isolated", lambda: "not permitted")
    result = judge()
    assert result.ok
    assert "network: not isolated (not permitted)" in result.notes


def test_a_project_without_tests_has_not_passed_them(judge: Judge) -> None:
    check = judge({CART_TEST: None}).check("test")
    assert (check.status, check.summary) == (SKIPPED, "there are no tests")


def test_switched_off_checks_are_skipped(judge: Judge) -> None:
    result = judge(enable_tests=False, enable_linting=False)
    assert [result.check(name).summary for name in ("test", "lint")] == ["switched off"] * 2


@pytest.mark.skipif(find_c_compiler(os.environ) is None, reason="no C compiler here")
def test_the_race_detector_finds_a_race(judge: Judge) -> None:
    body = "\tn, done := 0, make(chan bool)\n\tgo func() { n++; done <- true }()\n\tn++\n\t<-done"
    result = judge(a_test(body), race=True)
    if not result.notes:
        (problem,) = result.check("test").problems
        assert problem.file == CART_TEST
        assert "DATA RACE" in problem.message


def test_without_a_c_compiler_there_is_no_race_detector(
    judge: Judge, go_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(go_env, "PATH", "")
    result = judge(race=True)
    assert result.ok
    assert "race: skipped (there is no C compiler)" in result.notes


def test_a_module_that_wants_a_newer_go_says_so(judge: Judge) -> None:
    check = judge({"go.mod": "module example.com/shop\n\ngo 1.99\n"}).check("build")
    assert check.status is FAILED
    assert "go.mod wants go 1.99" in check.summary
    assert check.problems[0].line == 3


def test_without_go_mod_the_build_fails(judge: Judge) -> None:
    result = judge({"go.mod": None})
    assert result.check("build").summary == "there is no go.mod"
    assert not result.ok


def test_a_missing_module_is_said_without_a_download(judge: Judge, tmp_path: Path) -> None:
    source = 'package cart\n\nimport _ "example.org/absent"\n\nfunc Add(a, b int) int { return a + b }\n'
    result = judge({CART: source})
    assert result.check("build").problems[0].file == CART
    assert (tmp_path / "project" / "go.mod").read_text() == "module example.com/shop\n\ngo 1.24\n"


def test_a_project_without_go_files_is_skipped(toolchain: Toolchain, tmp_path: Path) -> None:
    result = verify(tmp_path, toolchain, VerifyOptions())
    assert {(check.status, check.summary) for check in result.checks} == {(SKIPPED, "there are no Go files")}


def test_without_go_everything_is_skipped_and_nothing_passes(tmp_path: Path) -> None:
    result = verify(tmp_path, None, VerifyOptions())
    assert [check.name for check in result.checks] == list(CHECKS)
    assert all(check.status is SKIPPED for check in result.checks)
    assert result.go_version == ""


def test_a_project_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="not a directory"):
        verify(tmp_path / "nothing", None, VerifyOptions())


def lint_with(judge: Judge, go_env: dict[str, str], folder: Path, script: str, **options: object) -> Check:
    program = folder / "golangci-lint"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    go_env["PATH"] = f"{folder}:/usr/bin:/bin"
    return judge(enable_tests=False, **options).check("lint")


@pytest.fixture
def own_env(go_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setitem(go_env, "PATH", "")
    return go_env


@pytest.mark.parametrize(("version", "flag"), [("v1.64.8", "--out-format"), ("2.5.0", "--output.text.path")])
def test_each_linter_gets_the_flags_that_it_knows(
    judge: Judge, own_env: dict[str, str], tmp_path: Path, version: str, flag: str
) -> None:
    script = (
        f'[ "$1" = --version ] && {{ echo "golangci-lint has version {version} built with go1.26"; exit 0; }}\n'
        f'case "$*" in *{flag}*) echo "{CART}:5:1: too short (mnd)"; exit 1;; esac\nexit 3'
    )
    check = lint_with(judge, own_env, tmp_path, script)
    assert check.problems == (GoProblem(CART, 5, 1, "too short (mnd)"),)
    assert check.summary == "1 problem"


@pytest.mark.parametrize(
    "complaint",
    [
        "the Go language version (go1.20) used to build is lower than the targeted Go version (1.24)",
        "Error: you are using a configuration file for golangci-lint v2 with golangci-lint v1: please use v2",
    ],
)
def test_a_linter_that_cannot_judge_is_skipped(
    judge: Judge, own_env: dict[str, str], tmp_path: Path, complaint: str
) -> None:
    script = f'[ "$1" = --version ] && {{ echo "has version 2.0.0"; exit 0; }}\necho "{complaint}" >&2; exit 3'
    assert lint_with(judge, own_env, tmp_path, script).status is SKIPPED


def test_a_linter_configuration_that_is_named_must_exist(judge: Judge, own_env: dict[str, str], tmp_path: Path) -> None:
    check = lint_with(judge, own_env, tmp_path, "exit 0", linter_config="strict.yml")
    assert (check.status, check.summary) == (FAILED, "the linter's configuration strict.yml does not exist")
