"""What templates see of the declarations that a package must have."""

from dataclasses import dataclass
from functools import lru_cache

from gocreator.gosource.assertions import asserted
from gocreator.gosource.bodies import Body, body
from gocreator.gosource.declarations import Declared, Function, declared
from gocreator.gosource.types import Printer

_USED_IN_BODIES = frozenset(["errors", "fmt"])
"""Names that a parameter must not hide from the body of a skeleton."""


@dataclass(frozen=True)
class ExportView:
    """A declaration that a package must have."""

    declared: Declared
    package: str

    @property
    def doc(self) -> str:
        """Return its comment, paragraphs separated by empty lines."""
        return self.declared.doc

    @property
    def text(self) -> str:
        """Return the declaration as gofmt has it, without a comment; a function without a body."""
        return self.declared.text

    @property
    def head(self) -> str:
        """Return a function up to its body, with parameters that hide nothing that a skeleton needs."""
        return self.declared.write(Printer(blank=_USED_IN_BODIES))

    @property
    def is_function(self) -> bool:
        """Tell whether it is a function or a method."""
        return isinstance(self.declared, Function)

    @property
    def name(self) -> str:
        """Return its name as other packages know it: `mailer.Send`, `mailer.Client.Send`."""
        return f"{self.package}.{self.declared.names[0]}"

    @property
    def body(self) -> Body:
        """Return what a function returns that is not implemented yet."""
        if isinstance(self.declared, Function):
            return body(self.declared)
        return Body(fails=False, variables=(), zeros=())


@lru_cache(maxsize=1000)
def export_views(declarations: str, package: str) -> tuple[ExportView, ...]:
    """Return the declarations of a text in normal form."""
    return tuple(ExportView(it, package) for it in _declared(declarations))


@lru_cache(maxsize=1000)
def assertions(declarations: str, package: str) -> str:
    """Return declarations for a test that compile only beside a package that has these."""
    return asserted(_declared(declarations), package)


def _declared(declarations: str) -> tuple[Declared, ...]:
    return declared(declarations) if declarations else ()
