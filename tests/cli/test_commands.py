"""Every command, as a user and as a script meets it."""

import json
import os
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
import yaml

from gocreator import __version__
from gocreator.cli.main import COMMANDS

STATUSES = {"up-to-date", "stale", "missing", "edited", "edited-stale", "outdated", "pending", "ignored"}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(project: Any, command: str) -> None:
    helped = project(command, "--help")
    assert helped.code == 0
    for flag in ("-C", "--config", "--log-level", "--log-format"):
        assert flag in helped.out


def test_list_as_json_has_the_promised_shape(project: Any) -> None:
    document = json.loads(project("list", "--json").out)
    assert document["output"] == "generated"
    for target in document["targets"]:
        assert {"path", "rule", "phase", "origin", "status", "reasons"} <= target.keys()
        assert target["status"] in STATUSES
        assert target["origin"] == "template"
    assert {target["status"] for target in document["targets"]} == {"missing"}


def test_wrong_usage_exits_with_2(project: Any) -> None:
    for arguments in (
        ["biuld"],
        ["build", "--nonsense"],
        ["build", "-n", "0"],
        ["build", "-C", "nowhere"],
        ["build", "--config", "nowhere.yaml"],
        ["why"],
        ["why", "internal/models/ordr.go"],
        ["list", "--log-level", "loud"],
    ):
        ran = project(*arguments)
        assert ran.code == 2, arguments
        assert ran.out == ""
    assert "'build'" in project("biuld").err
    assert "internal/models/order.go" in project("why", "internal/models/ordr.go").err


def test_the_project_directory_is_chosen_before_or_after_the_command(project: Any) -> None:
    elsewhere = project.root.parent
    there = type(project)(elsewhere)
    assert there("-C", "project", "build", "--no-verify").code == 0
    assert there("check", "-C", "project").code == 0
    assert there("why", "-C", "project", "project/generated/go.mod").code == 0
    assert {path.name for path in elsewhere.iterdir()} == {"project"}


def test_json_logs_are_lines_of_json_on_stderr(project: Any) -> None:
    ran = project("build", "--no-verify", "--log-format", "json")
    events = [json.loads(line) for line in ran.err.splitlines()]
    assert {"RunStarted", "TargetBuilt", "RunFinished"} <= {event["event"] for event in events}
    assert all(event["time"].endswith("+00:00") for event in events)


def test_log_levels_say_more_or_less(project: Any) -> None:
    assert project("build", "--no-verify", "--log-level", "error").err == ""
    assert "ready" in project("build", "--no-verify", "--log-level", "debug").err


def test_config_says_where_each_value_came_from(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write(".gocreator.yaml", "workflow:\n  root_dir: ./out\nllm: {api_key: secret-value, temperature: 1}\n")
    monkeypatch.setenv("GOCREATOR_LOGGING_LEVEL", "warn")
    lines = json.loads(project("config", "--json", "-n", "3").out)["settings"]
    found = {line["key"]: (line["value"], line["source"]) for line in lines}
    assert found["workflow.root_dir"] == ("./out", ".gocreator.yaml:2:13")
    assert found["logging.level"] == ("warn", "environment GOCREATOR_LOGGING_LEVEL")
    assert found["optimization.parallelization.max_concurrent_tasks"][0] == 3
    assert found["optimization.batching.max_batch_size"] == (5, "default")
    assert "secret-value" not in project("config").out
    assert "no effect" in project("config").err


def test_settings_reach_the_build(project: Any) -> None:
    project.write(
        ".gocreator.yaml",
        "workflow: {root_dir: out}\noptimization:\n  templates: {standard_files: [go.mod]}\n"
        "  incremental: {state_file: my/state.json}\nlogging: {execution_log: log.jsonl}\n",
    )
    assert project("build", "--no-verify").code == 0
    made = project.files("out")
    assert "go.mod" in made
    assert (
        not {"Makefile", "Dockerfile", "README.md", ".gitignore", ".golangci.yml", ".github/workflows/ci.yml"}
        & made.keys()
    )
    assert json.loads(project.files()["my/state.json"])["generated_files"]
    assert all(json.loads(line) for line in project.files()["log.jsonl"].splitlines())
    typo = project.write(".gocreator.yaml", "optimisation: {}\n")
    failed = project("build")
    assert failed.code == 2
    assert f"{typo.name}:1:1" in failed.err
    assert "optimization" in failed.err


def test_a_standard_file_that_does_not_exist_is_an_error_with_its_place(project: Any) -> None:
    project.write(".gocreator.yaml", "optimization:\n  templates:\n    standard_files: [go.mod, Jenkinsfile]\n")
    failed = project("list")
    assert failed.code == 2
    assert failed.err.startswith(".gocreator.yaml:3:21: there is no standard file Jenkinsfile")


def test_targets_may_be_named_as_paths_of_many_kinds(project: Any) -> None:
    for name in (
        "./internal/models/order.go",
        "generated/internal/models/order.go",
        "internal/models/../models/order.go",
    ):
        assert "internal/models/order.go is missing" in project("why", name).out
    below = json.loads(project("list", "internal/models", "--json").out)["targets"]
    assert {target["path"].rpartition("/")[0] for target in below} == {"internal/models", "internal/models/modelstest"}


def test_the_schema_describes_every_field_and_accepts_what_builds(project: Any) -> None:
    schema = json.loads(project("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load((project.root / "fcs.yaml").read_text()), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"entitys": []}, schema)

    def undescribed(node: Any, path: str) -> list[str]:
        found = []
        for name, field in node.get("properties", {}).items():
            if "description" not in field:
                found.append(f"{path}.{name}")
        for name, definition in node.get("$defs", {}).items():
            found += undescribed(definition, name)
        return found

    assert undescribed(schema, "") == []


def test_graph_in_three_forms(project: Any) -> None:
    drawn = json.loads(project("graph", "--format", "json").out)
    kinds = {node["id"]: node["kind"] for node in drawn["nodes"]}
    assert kinds["internal/models/order.go"] == "target"
    assert kinds["entity:Order"] == "element"
    assert {"from": "entity:Order", "to": "internal/models/order.go", "kind": "slice"} in drawn["edges"]
    assert project("graph").out.startswith("flowchart LR\n")
    assert project("graph", "--format", "dot").out.startswith("digraph gocreator {\n")


def test_info_shows_the_project_and_a_target(project: Any) -> None:
    project("build", "--no-verify")
    shown = json.loads(project("info", "--json").out)
    assert shown["project"] == "shop"
    assert shown["entities"] == 3
    target = json.loads(project("info", "entity:Order", "--json").out)["targets"][0]
    assert target["element"] == "entity:Order"
    assert target["key"] == target["recorded key"]
    assert project("info").code == 0
    assert project("info", "go.mod").code == 0


def test_version(project: Any) -> None:
    assert project("version").out == f"gocreator {__version__}\n"
    assert json.loads(project("version", "--json").out)["version"] == __version__
    assert project("--version").out == f"gocreator {__version__}\n"


def test_a_reader_that_goes_away_is_no_error(project: Any) -> None:
    command = f"{sys.executable} -m gocreator list --json | head -n 1; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], cwd=project.root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0
    assert ran.stderr == ""


def test_a_bug_is_reported_without_traceback(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("impossible")

    monkeypatch.setattr("gocreator.engine.session.load_fcs", broken)
    ran = project("list")
    assert ran.code == 3
    assert "bug" in ran.err
    assert "Traceback" not in ran.err
    (log,) = (path for path in (project.root / os.environ["HOME"]).rglob("bug-*.log"))
    assert "ZeroDivisionError" in log.read_text()


def test_a_kind_of_file_is_added_with_a_folder(project: Any) -> None:
    rule = "version: 1\ntitle: Notes\nfor_each: entity\npath: 'docs/{{ entity.file }}.md'\nphase: docs\n"
    project.write("mine/rules/notes/rule.yaml", rule)
    project.write("mine/rules/notes/file.md.j2", "# {{ entity.name }}\n")
    project.write(".gocreator.yaml", "optimization: {templates: {template_dir: ./mine}}\n")
    assert project("build", "phase:docs", "--no-verify").code == 0
    assert project.files("generated") == {
        f"docs/{name.lower()}.md": f"# {name}\n".encode() for name in ("Customer", "Order", "Product")
    }
    project.edit("mine/rules/notes/file.md.j2", "# ", "## ")
    assert "rule notes changed" in project("why", "rule:notes").out
    project("build", "--no-verify")
    project("build", "--no-verify")
    (project.root / ".gocreator.yaml").unlink()
    assert "removed 3" in project("build", "--no-verify").out
