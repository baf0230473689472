"""One verification's surroundings: where it runs, with what, and for how long."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gocreator.golang.environment import caches, go_environment
from gocreator.golang.isolation import isolated
from gocreator.golang.messages import Places
from gocreator.golang.module import Module
from gocreator.golang.process import Finished, run
from gocreator.golang.toolchain import Toolchain


@dataclass(frozen=True)
class VerifyOptions:
    """What is checked, and within which limits (seconds)."""

    enable_tests: bool = True
    enable_linting: bool = True
    race: bool = True
    test_timeout: float = 300.0
    """How long the tests of one package may run; the whole `go test` gets `command_timeout` more, to compile."""
    linter_config: str = ".golangci.yml"
    command_timeout: float = 600.0
    modules: tuple[str, ...] = ()
    """The third-party modules that the specification declares: `path`, or `path@version`."""


@dataclass(frozen=True)
class Session:
    """The project, the toolchain, the options, and a HOME that nobody will miss."""

    root: Path
    toolchain: Toolchain
    options: VerifyOptions
    env: Mapping[str, str]
    home: Path
    module: Module | None

    @property
    def places(self) -> Places:
        """Return the folders that messages should not name."""
        return Places(self.root, self.toolchain.goroot, self.home, caches(self.env))

    def go(
        self, *arguments: str, seconds: float | None = None, c_compiler: Path | None = None, offline: bool = False
    ) -> Finished:
        """Run a subcommand of Go on the project's module."""
        command = [str(self.toolchain.go), arguments[0], f"-modfile={self.modfile()}", *arguments[1:]]
        return self.run(isolated(command) if offline else command, seconds=seconds, c_compiler=c_compiler)

    def run(
        self,
        command: Sequence[str],
        *,
        seconds: float | None = None,
        c_compiler: Path | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run a command in the project, with nothing of the user's environment."""
        vendored = (self.root / "vendor" / "modules.txt").is_file()
        env = go_environment(
            self.toolchain,
            env=self.env,
            home=self.home,
            c_compiler=c_compiler,
            vendored=vendored,
            modules=bool(self.options.modules),
        )
        limit = seconds or self.options.command_timeout
        return run(command, cwd=self.root, env={**env, **(extra or {})}, seconds=limit)

    def modfile(self) -> Path:
        """Copy `go.mod` and `go.sum`, so that Go completes the copies and never the project's files."""
        folder = self.home / "module"
        if not folder.is_dir():
            folder.mkdir()
            for name in ("go.mod", "go.sum"):
                if (self.root / name).is_file():
                    shutil.copyfile(self.root / name, folder / name)
        return folder / "go.mod"
