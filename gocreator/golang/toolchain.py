"""Where the Go toolchain is, and which one it is."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gocreator.errors import Code, Failed

_ASKING_SECONDS = 30.0


@dataclass(frozen=True)
class Toolchain:
    """A Go toolchain that answered: its own programs, never a launcher in front of them."""

    go: Path
    gofmt: Path
    version: str
    goroot: Path


def find_go(env: Mapping[str, str]) -> Toolchain | None:
    """Find Go on the PATH, else beside the Python that runs; `None` where there is none.

    A `go` that does not answer is passed over; where none other does, that is a failure.
    """
    reasons: list[str] = []
    for candidate in _candidates(env):
        found = _ask(candidate, env)
        if isinstance(found, Toolchain):
            return found
        reasons.append(found)
    if reasons:
        raise Failed(
            f"the Go toolchain does not work: {'; '.join(reasons)}",
            hint="repair it, or take it off the PATH",
            code=Code.GO_BROKEN,
        )
    return None


def find_program(name: str, env: Mapping[str, str]) -> Path | None:
    """Find a program on the PATH."""
    return next(_on_path(name, env), None)


def find_c_compiler(env: Mapping[str, str]) -> Path | None:
    """Find the C compiler that cgo would call."""
    names = ("gcc", "clang", "cc")
    return next((found for name in names if (found := find_program(name, env))), None)


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    """List the files called `go`, the first choice first."""
    yield from _on_path("go", env)
    # A toolchain installed from a wheel puts its launcher beside Python, which need not be on the PATH.
    beside = Path(sys.executable).with_name("go")
    if sys.executable and _is_program(beside):
        yield beside


def _on_path(name: str, env: Mapping[str, str]) -> Iterator[Path]:
    """List the programs of a name, in the order of the PATH; relative entries are not trusted."""
    for folder in env.get("PATH", "").split(os.pathsep):
        if os.path.isabs(folder) and _is_program(path := Path(folder, name)):  # noqa: PTH117 - pathlib is slower
            yield path


def _is_program(path: Path) -> bool:
    """Tell whether a path is a file that may be run."""
    return path.is_file() and os.access(path, os.X_OK)


def _ask(candidate: Path, env: Mapping[str, str]) -> Toolchain | str:
    """Ask a `go` what it is; return why not, if it does not say."""
    asking = {**env, "GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": ""}
    command = [str(candidate), "env", "-json", "GOROOT", "GOVERSION"]
    try:
        answer = subprocess.run(
            command, env=asking, stdin=subprocess.DEVNULL, capture_output=True, timeout=_ASKING_SECONDS, check=True
        )
        facts = json.loads(answer.stdout)
        goroot, version = Path(facts["GOROOT"]), str(facts["GOVERSION"])
    except subprocess.CalledProcessError as problem:
        said = problem.stderr.decode(errors="replace").strip().splitlines()
        return f"{candidate} says: {said[-1] if said else f'exit code {problem.returncode}'}"
    except subprocess.TimeoutExpired:
        return f"{candidate} gives no answer"
    except OSError as problem:
        return f"{candidate} cannot be run: {problem.strerror or problem}"
    except (ValueError, KeyError, TypeError):
        return f"{candidate} does not answer like Go"
    if not version.startswith(("go", "devel")) or not _is_program(goroot / "bin" / "go"):
        return f"{candidate} names GOROOT {goroot}, which holds no bin/go"
    return Toolchain(goroot / "bin" / "go", goroot / "bin" / "gofmt", version, goroot)
