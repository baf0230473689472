"""`make bench`: how fast the blog of the examples answers, beside the least that net/http does in the same run.

The peer is /healthz of the same program: routing, logging and no more. Times are of whole requests over one connection
that is kept alive, client included, in microseconds.
"""

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gocreator.golang.environment import go_environment
from gocreator.golang.toolchain import find_go

ROOT = Path(__file__).parents[2]
ROWS = 1000
REQUESTS = 5000
PEER = "/healthz"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Build the blog, start it, and give its host and port."""
    shutil.copy(ROOT / "examples/blog/fcs.yaml", folder)
    subprocess.run(
        [sys.executable, "-m", "gocreator", "build", "--no-verify"], cwd=folder, check=True, capture_output=True
    )
    go = find_go(os.environ)
    if go is None:
        sys.exit("there is no Go toolchain")
    (folder / "home/tmp").mkdir(parents=True)
    env = go_environment(go, env=os.environ, home=folder / "home", c_compiler=None)
    subprocess.run([go.go, "build", "-o", "blog", "./cmd/blog"], cwd=folder / "generated", env=env, check=True)
    command = [folder / "generated/blog"]
    with subprocess.Popen(command, env={"ADDR": "127.0.0.1:0"}, stderr=subprocess.PIPE, text=True) as process:
        found = re.search(r"address=(\S+)", process.stderr.readline() if process.stderr else "")
        # The log goes nowhere: a pipe that nobody reads would stop the program.
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        try:
            yield found[1] if found else ""
        finally:
            process.terminate()
            drain.wait()


def filled(connection: http.client.HTTPConnection) -> list[str]:
    """Create authors and return their paths."""
    paths = []
    for number in range(ROWS):
        body = json.dumps({"name": f"Author {number}", "email": f"author{number}@example.com", "bio": "x" * 200})
        connection.request("POST", "/authors", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        paths.append(response.headers["Location"])
    return paths


def times(connection: http.client.HTTPConnection, paths: list[str]) -> list[float]:
    """Return how long requests take, in microseconds, sorted."""
    found = []
    for number in range(REQUESTS):
        began = time.perf_counter()
        connection.request("GET", paths[number * 7919 % len(paths)])
        response = connection.getresponse()
        response.read()
        found.append(1e6 * (time.perf_counter() - began))
        if response.status not in (200, 204):
            sys.exit(f"{paths[number % len(paths)]} responds with {response.status}")
    return sorted(found)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        connection = http.client.HTTPConnection(address)
        authors = filled(connection)
        cases = {PEER: [PEER], "read one author": authors, "list 100 authors": ["/authors", "/authors?offset=900"]}
        measured = {name: times(connection, paths) for name, paths in cases.items()}
        connection.close()
    print(f"\n{f'service with {ROWS} rows':<42}{'median':>10}{'p99':>8}{f'p99/{PEER}':>16}")
    peer = measured[PEER][int(0.99 * REQUESTS)]
    for name, found in measured.items():
        p99 = found[int(0.99 * REQUESTS)]
        print(f"{name:<42}{statistics.median(found):>10.0f}{p99:>8.0f}{p99 / peer:>16.1f}")
    print(f"microseconds, {REQUESTS} requests each")


if __name__ == "__main__":
    main()
