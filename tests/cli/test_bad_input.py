"""Thirty and more malformed documents: exit 2, a place, a hint, and nothing left behind."""

import re
from pathlib import Path
from typing import Any

import pytest

HEAD = "name: shop\nentities:\n  - name: Order\n    attributes:\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

DOCUMENTS: dict[str, str | bytes] = {
    "empty": "",
    "only a comment": "# nothing\n",
    "a list": "- a\n- b\n",
    "a word": "hello\n",
    "two documents": "name: a\n---\nname: b\n",
    "a tab": "name: a\nentities:\n\t- name: X\n",
    "an unclosed bracket": "name: [a\n",
    "a tag that runs code": "name: !!python/object/apply:os.system [echo hi]\n",
    "an unknown tag": "name: !mine a\n",
    "an alias bomb": BOMB,
    "an unknown alias": "name: *nothing\n",
    "a key twice": "name: a\nname: b\n",
    "a key that is no text": "1: a\n",
    "very deep": "a: " + "[" * 100 + "]" * 100 + "\n",
    "a control character": "name: a\x07\n",
    "Latin-1": "name: caf\xe9\n".encode("latin-1"),
    "UTF-16": "name: shop\n".encode("utf-16"),
    "binary": bytes(range(256)),
    "an unknown key": "nmae: shop\n",
    "an unknown type": HEAD + "      total: decimall\n",
    "no type": HEAD + "      total:\n",
    "a bad enum": HEAD + "      status: enum(a|a)\n",
    "no Go identifier": HEAD + "      9lives: int\n",
    "names that collide": HEAD + "      user_id: uuid\n      userID: uuid\n",
    "a method's name": HEAD + "      validate: bool\n",
    "an entity twice": HEAD + "      n: int\n  - name: Order\n",
    "entities that collide": HEAD + "      n: int\n  - name: order\n",
    "an entity without name": "entities:\n  - attributes: {n: int}\n",
    "an unknown entity": HEAD + "      n: int\nrelationships:\n  - {from: Order, to: Custmer, type: many_to_one}\n",
    "an unknown cardinality": HEAD + "      n: int\nrelationships:\n  - {from: Order, to: Order, type: many_to_few}\n",
    "a package cycle": "packages:\n  - {name: a, path: internal/a, dependencies: [b]}\n"
    "  - {name: b, path: internal/b, dependencies: [a]}\n",
    "an escaping path": "packages:\n  - {name: a, path: ../../etc}\n",
    "an absolute path": "packages:\n  - {name: a, path: /etc/a}\n",
    "a bad method": HEAD + "      n: int\nendpoints:\n  - {method: FETCH, path: /orders}\n",
    "a bad path": HEAD + "      n: int\nendpoints:\n  - {method: GET, path: 'orders/{id'}\n",
    "an endpoint twice": "endpoints:\n  - {method: GET, path: /a}\n  - {method: GET, path: /a}\n",
    "a bad range": HEAD + "      n: {type: int, min: 5, max: 2}\n",
    "a bad pattern": HEAD + "      n: {type: string, pattern: '(?=x)'}\n",
    "a default of another type": HEAD + "      n: {type: int, default: many}\n",
    "a bad Go version": "build: {go_version: latest-ish}\n",
    "a bad module": "module: 'exa mple.com/x'\n",
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_malformed_document(project: Any, document: str | bytes) -> None:
    place = project.root / "fcs.yaml"
    place.write_bytes(document if isinstance(document, bytes) else document.encode())
    for command in ("build", "list"):
        failed = project(command)
        assert failed.code == 2, failed.err
        assert re.search(r"^fcs\.yaml(:\d+:\d+)?: ", failed.err)
        assert "hint: " in failed.err
        assert "Traceback" not in failed.err
        assert failed.out == ""
    assert project.files().keys() == {"fcs.yaml"}


def test_all_problems_are_told_at_once(project: Any) -> None:
    project.write("fcs.yaml", HEAD + "      a: strng\n      b: intt\n      9c: int\n")
    told = project("build").err
    for place in ("fcs.yaml:5:10", "fcs.yaml:6:10", "fcs.yaml:7:7"):
        assert place in told


def test_a_document_of_50_mb_is_refused_without_reading_it(project: Any) -> None:
    with (project.root / "fcs.yaml").open("wb") as file:
        file.truncate(50_000_000)
    failed = project("build")
    assert failed.code == 2
    assert "hint: " in failed.err


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"name": "a",}', "fcs.json:1:13"),
        ('{"name": "a"', "fcs.json:1:13"),
        ('{\n\t"name": "a",\n\t"name": "b"\n}', "fcs.json:3:2"),
        ("{'name': 'a'}", "fcs.json:1:2"),
        ('{"entities": [{"name": "A", "attributes": {"x": "strng"}}]}', "fcs.json:1:49"),
    ],
)
def test_json_has_places_too(project: Any, text: str, place: str) -> None:
    (project.root / "fcs.yaml").unlink()
    project.write("fcs.json", text)
    failed = project("build")
    assert failed.code == 2
    assert place in failed.err


def test_front_matter_has_the_places_of_the_file(project: Any) -> None:
    (project.root / "fcs.yaml").unlink()
    project.write("fcs.md", "---\nname: shop\nnmae: x\n---\n\n# Shop\n")
    failed = project("list")
    assert failed.code == 2
    assert "fcs.md:3:1" in failed.err


def test_no_specification_and_two_of_them(project: Any, tmp_path: Path) -> None:
    project.write("fcs.json", "{}")
    both = project("build")
    assert both.code == 2
    assert "fcs.yaml" in both.err
    assert "fcs.json" in both.err
    empty = type(project)(tmp_path / "empty")
    empty.root.mkdir()
    assert empty("build").code == 2
    assert not empty.files()
    missing = project("build", "-f", "nowhere.yaml")
    assert missing.code == 2
    assert "nowhere.yaml" in missing.err


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"rules/model/rule.yaml": "version: 1\nfor_eech: entity\n"}, "mine/rules/model/rule.yaml:2:1"),
        ({"rules/model/file.go.j2": "x\n{% if %}\n"}, "mine/rules/model/file.go.j2:2"),
        ({"rules/model/file.go.j2": "x\n{{ nobody.name }}\n"}, "mine/rules/model/file.go.j2:2"),
        ({"rules/model/file.go.j2": "x\n\n{{ entity.nothing }}\n"}, "mine/rules/model/file.go.j2:3"),
        ({"rules/go_mod/file.mod.j2": "{{ ''.__class__.__mro__ }}\n"}, "mine/rules/go_mod/file.mod.j2:1"),
        ({"rules/new/file.txt.j2": "x\n"}, "mine/rules/new"),
        ({"rules/new/rule.yaml": "version: 1\ntitle: t\nfor_each: project\npath: a\nphase: p\n"}, "mine/rules/new"),
        (
            {
                "rules/new/rule.yaml": "version: 1\ntitle: t\nfor_each: project\npath: ../a\nphase: p\n",
                "rules/new/file.txt.j2": "x\n",
            },
            "mine/rules/new/rule.yaml",
        ),
        (
            {
                "rules/new/rule.yaml": "version: 1\ntitle: t\nfor_each: project\npath: go.mod\nphase: p\n",
                "rules/new/file.txt.j2": "x\n",
            },
            "mine/rules/new/rule.yaml",
        ),
        (
            {
                "rules/new/rule.yaml": (
                    "version: 1\ntitle: t\nfor_each: project\npath: a.md\nphase: p\norigins: [template, model]\n"
                ),
                "rules/new/file.md.j2": "x\n",
                "rules/new/prompt.md.j2": "x\n",
            },
            "mine/rules/new/rule.yaml",
        ),
        (
            {
                "rules/new/rule.yaml": (
                    "version: 1\ntitle: t\nfor_each: project\npath: a.go\nphase: p\nrole: reviewer\n"
                ),
                "rules/new/file.go.j2": "package a\n",
            },
            "mine/rules/new/rule.yaml:6:7",
        ),
    ],
)
def test_rules_of_the_user_are_checked_when_loaded(project: Any, files: dict[str, str], place: str) -> None:
    for path, text in files.items():
        project.write(f"mine/{path}", text)
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: mine}}\n")
    failed = project("build")
    assert failed.code == 2, failed.err
    assert place in failed.err
    assert not (project.root / "generated").exists()


def test_a_template_directory_that_is_not_there(project: Any) -> None:
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: nowhere}}\n")
    failed = project("list")
    assert failed.code == 2
    assert "nowhere" in failed.err


@pytest.mark.parametrize("output", ["/", "..", "../.."])
def test_an_output_around_the_project_is_refused(project: Any, output: str) -> None:
    before = project.files()
    built = project("build", "-o", output)
    assert built.code == 2
    assert "around the project directory" in built.err
    assert project.files() == before
