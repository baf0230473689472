"""What is taken for a file of a model: everything that the templates write, and nothing that breaks a rule."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gocreator.engine.steps import unacceptable
from gocreator.fcs.load import load_fcs
from gocreator.plan.planner import Planner
from gocreator.plan.rulebook import load_rulebook
from gocreator.plan.target import Plan, Target
from gocreator.prompt.accept import Acceptance
from gocreator.resources import data_dir
from gocreator.values import Origin, RelPath

EXAMPLES = Path(__file__).parents[2] / "examples"
PATH = RelPath("internal/service/post.go")


def _planned(example: str) -> Plan:
    return Planner(load_rulebook(data_dir("templates")), ()).plan(load_fcs(EXAMPLES / example / "fcs.yaml").fcs)


@pytest.fixture(scope="module")
def blog() -> Plan:
    return _planned("blog")


def _of_models(plan: Plan) -> list[Target]:
    rules = load_rulebook(data_dir("templates")).rules
    able = [it for it in plan.targets.values() if Origin.MODEL in rules[it.rule].spec.origins]
    return [it for it in able if not it.skeleton]


@pytest.mark.parametrize("example", ["blog", "shop", "tickets"])
def test_what_templates_write_is_taken(example: str) -> None:
    plan = _planned(example)
    acceptance = Acceptance(plan)
    targets = _of_models(plan)
    assert len(targets) >= 10
    assert {it.path: acceptance.refusals(it, it.content) for it in targets} == {it.path: [] for it in targets}


def test_a_skeleton_is_not_taken() -> None:
    plan = _planned("tickets")
    skeletons = [it for it in plan.targets.values() if it.skeleton and it.rule in ("endpoint", "package")]
    assert len(skeletons) > 5
    code = [it for it in skeletons if re.search(rb"^func .*{$", it.content, re.MULTILINE)]
    assert all("is unfinished" in str(Acceptance(plan).refusals(it, it.content)) for it in code)


def _after_imports(text: str) -> Callable[[str], str]:
    return lambda source: source.replace("\n)\n", f"\n)\n\n{text}\n", 1)


def _import(line: str) -> Callable[[str], str]:
    return lambda source: source.replace("import (\n", f"import (\n\t{line}\n", 1)


CHANGES: dict[str, tuple[Callable[[str], str], str]] = {
    "cgo": (_import('"C"'), r'import "C" is not allowed'),
    "unsafe": (_import('"unsafe"'), r'line \d+: import "unsafe" is not allowed'),
    "programs": (_import('"os/exec"'), "os/exec"),
    "dot": (_import('. "strings"'), "with a dot"),
    "a foreign module": (_import('"github.com/pkg/errors"'), "is no module that the project names"),
    "generate": (_after_imports("//go:generate rm -rf /"), "directive `//go:generate"),
    "linkname": (_after_imports("//go:linkname now time.now"), "directive"),
    "hidden": (lambda source: f"//go:build ignore\n\n{source}", "directive `//go:build"),
    "init": (_after_imports("func init() {\n}"), "`init`"),
    "todo": (_after_imports("// TODO: more"), "unfinished"),
    "panic": (_after_imports('func postLater() {\n\tpanic("not implemented")\n}'), "unfinished"),
    "exported": (_after_imports("// Extra is too much.\nfunc Extra() {\n}"), "Extra is exported"),
    "clash": (_after_imports("type CommentService struct{}"), "CommentService"),
    "secret": (
        _after_imports('const postKey = "ghp_' + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6" + '"'),
        "looks like a secret",
    ),
    "short": (lambda _: "package service\n", "shorter than its contract"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_breaks_a_rule_is_refused_with_the_reason(blog: Plan, name: str) -> None:
    change, reason = CHANGES[name]
    target = blog.targets[PATH]
    changed = change(target.content.decode())
    assert changed != target.content.decode()
    refusals = Acceptance(blog).refusals(target, changed.encode())
    assert any(re.search(reason, refusal) for refusal in refusals), refusals


def test_names_of_neighbours_are_kept_apart(blog: Plan) -> None:
    acceptance = Acceptance(blog)
    one, two = blog.targets[PATH], blog.targets[RelPath("internal/service/tag.go")]
    shared = b"\n\nfunc postTags() {\n}\n"
    assert acceptance.refusals(one, one.content + shared) == []
    assert acceptance.refusals(one, one.content + shared) == [], "a file's names are its own"
    (refusal,) = acceptance.refusals(two, two.content + shared)
    assert "postTags is taken by internal/service/post.go" in refusal
    assert acceptance.refusals(one, one.content) == []
    assert acceptance.refusals(two, two.content + shared) == [], "what is written anew frees its names"


NAMED: dict[str, tuple[str, str, str]] = {
    # The file with what it gets, and what is said of the latter; empty: it is taken.
    "any name": ("service/post.go", "func byTitle() {\n}", "call it postByTitle"),
    "its type's name": ("service/post.go", "func sortPosts() {\n}\n\nconst maxPOSTs = 1", ""),
    "blank": ("service/post.go", "var _ = NewPostService", ""),
    "a method": ("service/post.go", "func (s *PostService) check() {\n}", ""),
    "a neighbour's method": ("service/post.go", "func (s *TagService) Get() {\n}", "method TagService.Get is declared"),
    "its own import": ("service/post.go", "type context struct{ post int }", "the name of an import"),
    "a neighbour's import": ("handlers/post.go", "const http = 1", "http"),
}


@pytest.mark.parametrize("name", NAMED)
def test_names_tell_their_file_and_disturb_no_other(blog: Plan, name: str) -> None:
    place, text, reason = NAMED[name]
    target = blog.targets[RelPath(f"internal/{place}")]
    refusals = Acceptance(blog).refusals(target, target.content + f"\n{text}\n".encode())
    assert reason in str(refusals) if reason else refusals == []


def test_names_of_files_that_stay_count(blog: Plan) -> None:
    by_hand = b"""package service

import postgres "database/sql"

func postLater() {}

func (s PostService) mine() {}
"""
    beside = RelPath("internal/service/mine.go")
    acceptance = Acceptance(blog, lambda folder: {beside: by_hand} if folder == "internal/service" else {})
    target = blog.targets[PATH]
    for text, said in {
        "func postLater() {\n}": "the name postLater is taken by internal/service/mine.go",
        "const postgres = 1": "the name postgres is an import of internal/service/mine.go",
        "func (s *PostService) mine() {\n}": "the method PostService.mine is declared by internal/service/mine.go",
    }.items():
        assert said in str(acceptance.refusals(target, target.content + f"\n{text}\n".encode()))
    importing = target.content.replace(b"import (\n", b'import (\n\tpostLater "maps"\n', 1)
    assert "the import name postLater is declared by" in str(acceptance.refusals(target, importing))
    other = Acceptance(blog, lambda _: {beside: by_hand.replace(b"package service", b"package service_test")})
    assert other.refusals(target, target.content + b"\nfunc postLater() {\n}\n") == []


def test_a_name_that_another_file_imports_is_refused_even_if_it_is_written_later(blog: Plan) -> None:
    acceptance = Acceptance(blog)
    one, two = blog.targets[PATH], blog.targets[RelPath("internal/service/tag.go")]
    importing = one.content.replace(b"import (\n", b'import (\n\ttagged "maps"\n', 1)
    assert acceptance.refusals(one, importing) == []
    assert "the name tagged is an import of" in str(acceptance.refusals(two, two.content + b"\nvar tagged = 1\n"))
    assert acceptance.refusals(one, one.content) == []
    assert acceptance.refusals(two, two.content + b"\nvar tagged = 1\n") == []


def test_a_file_that_is_alone_in_its_package_names_as_it_likes() -> None:
    plan = _planned("tickets")
    target = plan.targets[RelPath("internal/markdown/markdown.go")]
    refusals = Acceptance(plan).refusals(target, target.content + b"\nfunc bold() {\n}\n")
    assert "bold" not in str(refusals)


def test_a_broken_contract_is_refused(blog: Plan) -> None:
    target = blog.targets[PATH]
    for old, new in (
        ("func (s *PostService) Create(", "func (s *PostService) Make("),
        ("package service", "package x"),
    ):
        assert unacceptable(target, target.content.replace(old.encode(), new.encode()))


@pytest.fixture
def judged(blog: Plan) -> Callable[[str], list[str]]:
    """Return what judges a file with some lines after its imports."""
    target = blog.targets[PATH]
    return lambda lines: Acceptance(blog).refusals(target, _after_imports(lines)(target.content.decode()).encode())


@pytest.mark.parametrize(
    "comment",
    [
        "// line of the order.",
        "// export from the shop.",
        "// todo items of the customer.",
        "// Errors other than errors.ErrUnsupported are passed on.",
        "var _ = `\nfunc init() {}\n`",
    ],
)
def test_what_is_only_said_is_taken(judged: Callable[[str], list[str]], comment: str) -> None:
    assert judged(comment) == []


@pytest.mark.parametrize("line", ["//go:debug x=1", "//line a.go:1", "var _ = 1 /*line /etc/passwd:1*/", "// +build x"])
def test_what_compilers_obey_is_not(judged: Callable[[str], list[str]], line: str) -> None:
    assert any("directive" in reason for reason in judged(line))


@pytest.mark.parametrize("path", ["internal/abi", "example.com/blog/internal/nowhere"])
def test_imports_that_cannot_be_are_not(judged: Callable[[str], list[str]], path: str) -> None:
    assert any(path in reason for reason in judged(f'import _ "{path}"'))
