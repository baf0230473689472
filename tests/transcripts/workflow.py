"""The steps of a workflow for GitHub Actions, one after the other, as a runner takes them.

Actions stand for what is there already: the clone, Python, Go.
"""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

THERE = {"actions/checkout", "actions/setup-go", "actions/setup-python"}


def run_job(workflow: Path, clone: Path, env: Mapping[str, str]) -> str:
    """Run the only job of a workflow in a clone, and return its log; the first step that fails ends it."""
    (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
    log: list[str] = []
    for step in job["steps"]:
        code, lines = _step(step, clone, env)
        log += lines
        if code:
            log.append(f"Error: Process completed with exit code {code}.")
            break
    return "\n".join([*log, ""])


def _step(step: Mapping[str, Any], clone: Path, env: Mapping[str, str]) -> tuple[int, Iterator[str]]:
    if "uses" in step:
        assert step["uses"].partition("@")[0] in THERE, step
        files = (value for name, value in step.get("with", {}).items() if name.endswith("-file"))
        assert all((clone / file).is_file() for file in files), step
        return 0, iter([f"Run {step['uses']}"])
    # `bash -e` is what the runner takes where a step names no shell.
    ran = subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=clone, env=env | step.get("env", {}), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
    )  # fmt: skip
    return ran.returncode, iter([f"Run {step['run']}", *ran.stdout.splitlines()])
