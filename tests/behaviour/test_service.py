"""The service that is built does what its OpenAPI document says, and ends without cutting anybody off."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES, LONG_CASES = "10", "1000"
"""How many cases an operation is tried with; many find what is rare."""

Go = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.go


@contextmanager
def _served(root: Path, go: Go) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the program of a project, and give the process and its host and port."""
    (name,) = [place.name for place in (root / "cmd").iterdir()]
    done = go(root, "build", "-o", "program", f"./cmd/{name}")
    assert done.returncode == 0, done.stderr
    env = {"ADDR": "127.0.0.1:0", "PATH": os.environ["PATH"]}
    with subprocess.Popen([root / "program"], env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"address=(\S+)", process.stderr.readline())
        assert found is not None
        drained = threading.Thread(target=process.stderr.read)
        drained.start()
        try:
            yield process, found[1]
        finally:
            process.kill()
            drained.join()


def _built(project: Any, name: str) -> Path:
    shutil.copy(EXAMPLES / name / "fcs.yaml", project.root)
    built = project("build", "--no-verify")
    assert built.code == 0, built.err
    return Path(project.root / "generated")


UNSAID = {"shop": ("--exclude-checks", "positive_data_acceptance")}
"""A schema cannot state the bounds of exact decimals and of dates, which the shop has; they are in descriptions."""


@pytest.mark.sample(1)
@pytest.mark.parametrize("name", ["blog", "shop", "tickets"])
def test_it_does_what_its_document_says(
    project: Any, name: str, go: Go, tmp_path: Path, seed: str, *, long: bool
) -> None:
    root = _built(project, name)
    document = json.loads((root / "internal/handlers/openapi.json").read_text())
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    skeletons = sorted(operation["operationId"] for operation in operations if "tags" not in operation)
    assert len(skeletons) < len(operations)
    command = [sys.executable, "-m", "schemathesis.cli", "run", "--seed", seed]
    command += ["--max-examples", LONG_CASES if long else CASES]
    command += ["--workers", "1", "--generation-database", "none", "--no-color", *UNSAID.get(name, ())]
    command += [word for skeleton in skeletons for word in ("--exclude-operation-id", skeleton)]
    with _served(root, go) as (_, address):
        done = subprocess.run(
            [*command, f"http://{address}/openapi.json"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
    print(done.stdout[-600:])  # noqa: T201 - how many cases there were
    assert done.returncode == 0, done.stdout
    assert f"{len(operations) - len(skeletons)} selected / {len(operations)} total" in done.stdout


def test_custom_endpoints_say_that_they_are_not_implemented(project: Any, go: Go) -> None:
    root = _built(project, "tickets")
    listed = json.loads(project("list", "--json").out)["targets"]
    skeletons = {target["element"] for target in listed if target["needs_provider"]}
    custom = [element for element in skeletons if element.startswith("endpoint:")]
    assert custom
    with _served(root, go) as (_, address):
        for element in custom:
            method, path = element.removeprefix("endpoint:").split(" ")
            status, kind, body = _asked(address, method, re.sub(r"\{\w+\}", "1", path))
            assert (status, kind, json.loads(body)["status"]) == (501, "application/problem+json", 501)


def test_it_ends_without_cutting_anybody_off(project: Any, go: Go) -> None:
    ending = threading.Event()
    answers: list[str] = []

    def ask(address: str) -> None:
        with closing(http.client.HTTPConnection(address, timeout=10)) as connection:
            while True:
                late = ending.is_set()
                try:
                    connection.request("GET", "/authors")
                    response = connection.getresponse()
                    answers.append(f"{response.status} {response.read()!r}")
                except (OSError, http.client.HTTPException) as error:
                    if not late:
                        answers.append(repr(error))
                    return

    with _served(_built(project, "blog"), go) as (process, address):
        workers = [threading.Thread(target=ask, args=(address,)) for _ in range(8)]
        for worker in workers:
            worker.start()
        time.sleep(0.5)
        ending.set()
        process.terminate()
        assert process.wait(timeout=10) == 0
        for worker in workers:
            worker.join()
    complete = [answer for answer in answers if answer == r"200 b'[]\n'"]
    assert len(complete) > 100
    # A connection that is idle is closed at once, and a request may be on its way through it: it ends or is reset.
    assert all(answer.startswith(("Remote", "ConnectionReset")) for answer in answers if answer not in complete)
    assert len(answers) - len(complete) <= len(workers)


def _asked(address: str, method: str, path: str) -> tuple[int, str | None, bytes]:
    with closing(http.client.HTTPConnection(address, timeout=10)) as connection:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.getheader("Content-Type"), response.read()
