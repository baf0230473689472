"""Where everything lies: the project directory, one output, and gocreator's own ground.

<project>/.gocreator.yaml, gocreator.lock      the user's, committed
<project>/.gocreator/<output>/                 elements, contracts, base copies, state of one output
<project>/.gocreator/reports/                  a folder per run, `latest` leads to the newest
<project>/.gocreator/logs/                     everything that happened in the last runs, as JSON lines
<project>/.gocreator/run.jsonl                what the build does that is at work, or did not succeed
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from gocreator.errors import Code, WrongUsage
from gocreator.values import digest

HOME = ".gocreator"
JOURNAL = "run.jsonl"
DEFAULT_OUTPUT = "generated"
SHARED = frozenset({"reports", "backup", "manifests", "store", "logs"})
"""Names below `.gocreator` that no output may take."""


@dataclass(frozen=True)
class Workspace:
    """The places of one output of one project."""

    project: Path
    """The project directory, absolute."""
    root: Path
    """The output directory, absolute."""
    state_file: Path
    """The state in the specification's shape, absolute."""

    @property
    def output(self) -> str:
        """Return the output's path from the project directory: its name in the lock file."""
        return Path(os.path.relpath(self.root, self.project)).as_posix()

    @property
    def home(self) -> Path:
        """Return gocreator's own directory in the project."""
        return self.project / HOME

    @property
    def log(self) -> Path:
        """Return the log of everything that happens."""
        return self.home / "logs" / "events.jsonl"

    @property
    def own(self) -> Path:
        """Return gocreator's directory for this output."""
        return self.home / folder_name(self.output)

    @property
    def state_db(self) -> Path:
        """Return the database of the state."""
        return self.own / "state.db"

    @property
    def base(self) -> Path:
        """Return the directory of the pristine copies."""
        return self.own / "base"

    @property
    def planned(self) -> Path:
        """Return the directory of texts that were not written because their files were edited."""
        return self.own / "planned"

    @property
    def inputs(self) -> Path:
        """Return the directory whose `elements` and `contracts` doit watches."""
        return self.own

    @property
    def renderings(self) -> Path:
        """Return the file with the digests of renderings."""
        return self.own / "renderings.json"

    @property
    def recipes(self) -> Path:
        """Return the file with the digests of how files are asked for."""
        return self.own / "recipes.json"

    @property
    def lock_file(self) -> Path:
        """Return the lock file."""
        return self.project / "gocreator.lock"

    @property
    def contracts(self) -> Path:
        """Return the directory of the contracts of packages that the specification does not give, committed."""
        folder = self.project / "contracts"
        return folder if self.output == DEFAULT_OUTPUT else folder / folder_name(self.output)

    @property
    def build_lock(self) -> Path:
        """Return the file that a build holds while it is at work."""
        return self.home / "build.lock"

    @property
    def calibration(self) -> Path:
        """Return the file with what calls taught about estimates; all outputs share it."""
        return self.home / "calibration.json"

    @property
    def journal(self) -> Path:
        """Return the file in which a build writes down what it did, until it succeeds."""
        return self.home / JOURNAL

    @property
    def backups(self) -> Path:
        """Return the directory of the copies of edited files that were written over on request."""
        return self.home / "backup"

    @property
    def reports(self) -> Path:
        """Return the directory of the reports of all outputs."""
        return self.home / "reports"


def workspace(project: Path, output: Path, state_file: Path | None = None, *, by_flag: bool = False) -> Workspace:
    """Find the places for an output directory, which may be relative to the project directory."""
    root = Path(os.path.normpath(project / output))
    if root.exists() and not root.is_dir():
        raise WrongUsage(
            f"the output {output} is not a directory", hint="give another one with -o DIR", code=Code.OUTPUT
        )
    if project != root and project.is_relative_to(root):
        hint = "an output lies in the project directory, or beside it"
        raise WrongUsage(
            f"the output {output} is a directory around the project directory {project}", hint=hint, code=Code.OUTPUT
        )
    inside = root.relative_to(project).parts if root.is_relative_to(project) else ()
    for taken in {HOME, ".git"}.intersection(inside):
        raise WrongUsage(
            f"the output {output} lies in {taken}, which is not for generated files",
            hint="choose another",
            code=Code.OUTPUT,
        )
    own = Workspace(project, root, root).own
    if state_file is None:
        return Workspace(project, root, own / "state.json")
    if by_flag and own.name != DEFAULT_OUTPUT:
        # An output that only a flag names shares the setting with the configured one, but no file.
        state_file = state_file.with_name(f"{state_file.stem}.{own.name}{state_file.suffix}")
    if not state_file.is_relative_to(project / HOME):
        _check_state_file(state_file)
    return Workspace(project, root, state_file)


def _check_state_file(path: Path) -> None:
    """Refuse to take the place of a file that is no state."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or "generated_files" not in found:
        message = f"optimization.incremental.state_file: {path.name} is there already and is no state"
        raise WrongUsage(message, hint="name another file", code=Code.OUTPUT)


def folder_name(output: str) -> str:
    """Return a folder name for an output that no other output has, on any file system."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]*", output) and output not in SHARED:
        return output
    slug = re.sub(r"[^a-z0-9]+", "-", output.lower()).strip("-") or "here"
    return f"{slug[:40]}.{digest(output)[:8]}"
