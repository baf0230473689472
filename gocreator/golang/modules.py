"""Third-party modules: `go mod tidy` where they can be had, on copies of go.mod and go.sum.

This is the one command that may use the network: it runs Go's own code, and nothing that was generated.
"""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field

from gocreator.golang.process import Finished
from gocreator.golang.session import Session

FILES = ("go.mod", "go.sum")
_SECONDS = 180.0
_ALLOWED = (
    "GOPROXY",
    "GONOPROXY",
    "GOPRIVATE",
    "GOSUMDB",
    "GONOSUMDB",
    "GOINSECURE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)
"""What of the user's environment says where modules come from; see `go help environment`."""
_DEFAULTS = {"GOPROXY": "https://proxy.golang.org,direct", "GOSUMDB": "sum.golang.org"}
_VERSIONED = re.compile(r"v\d+\.\d+\.\d+\S*")
_CHATTER = re.compile(r"go: (finding|downloading|found)\b")


@dataclass(frozen=True)
class Modules:
    """What became of a project's modules."""

    reason: str = ""
    """Why they could not be had, in one line; empty if they could."""
    usable: bool = True
    """What is needed is there, be it from before."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What Go would have in go.mod and go.sum, where that is not what lies there."""


def have_modules(session: Session) -> Modules:
    """Bring the copies of go.mod and go.sum to what the code imports, at the versions that are declared."""
    modfile = session.modfile()
    wanted = [f"-require={it}" for it in session.options.modules if _VERSIONED.fullmatch(it.partition("@")[2])]
    edited = session.run([str(session.toolchain.go), "mod", "edit", *wanted, str(modfile)]) if wanted else None
    if edited is None or edited.succeeded:
        arguments = [str(session.toolchain.go), "mod", "tidy", f"-modfile={modfile}"]
        edited = session.run(arguments, seconds=_SECONDS, extra=_sources(session.env))
    if edited.succeeded:
        return Modules(files=_changed(session))
    _restore(session)
    # A tidy module wants the tests of modules too; what is needed may be there all the same.
    usable = session.go("list", "-test", "-deps", "./...").succeeded
    return Modules(_reason(session, edited), usable)


def _sources(env: Mapping[str, str]) -> dict[str, str]:
    return {**_DEFAULTS, **{name: env[name] for name in _ALLOWED if env.get(name)}}


def _changed(session: Session) -> dict[str, bytes]:
    found = {}
    for name in FILES:
        copy, own = session.modfile().with_name(name), session.root / name
        content = copy.read_bytes() if copy.is_file() else b""
        if content != (own.read_bytes() if own.is_file() else b""):
            found[name] = content
    return found


def _restore(session: Session) -> None:
    """Take back what was tried with the copies."""
    shutil.rmtree(session.modfile().parent)
    session.modfile()


def _reason(session: Session, finished: Finished) -> str:
    """Return the first line that says what went wrong."""
    said = session.places.tidy(finished.output).splitlines()
    lines = [line.strip() for line in said if line.strip() and not _CHATTER.match(line)]
    return next((line for line in lines if not line.endswith(("imports", ":"))), f"go mod tidy {finished.end}")
