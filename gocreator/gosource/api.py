"""The exported API of a Go file, and whether it is what a contract promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a declaration declares."""

    FUNC = "func"
    METHOD = "method"
    STRUCT = "struct"
    INTERFACE = "interface"
    TYPE = "type"
    CONST = "const"
    VAR = "var"


@dataclass(frozen=True)
class StructField:
    """An exported field; an embedded one is named as its type."""

    name: str
    type: str
    tag: str = ""
    embedded: bool = False

    def __str__(self) -> str:
        """Write it as Go does."""
        return " ".join(part for part in ("" if self.embedded else self.name, self.type, self.tag) if part)


@dataclass(frozen=True)
class Declaration:
    """One exported name with its normalised signature; a method's name is `Type.Method`."""

    kind: Kind
    name: str
    signature: str
    line: int
    column: int
    fields: tuple[StructField, ...] | None = None
    """The exported fields of a struct; `None` where the source leaves them open with a comment."""
    elements: tuple[str, ...] | None = None
    """The methods and embedded types of an interface; `None` where the source leaves them open."""
    type: str = ""
    """The type that a constant or a variable states."""
    value: str = ""
    """The value of a constant."""

    @property
    def head(self) -> str:
        """Return the signature without what stands in braces."""
        return (
            self.signature.partition("{")[0].rstrip() if self.kind in (Kind.STRUCT, Kind.INTERFACE) else self.signature
        )


@dataclass(frozen=True)
class SyntaxProblem:
    """A place where the source is no Go; line and column count from 1, columns in bytes, as Go's do."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Write it the way that Go does."""
        return f"{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True)
class Api:
    """What a file declares: its package, the exported declarations, all package-level names, what does not parse."""

    package: str
    declarations: tuple[Declaration, ...]
    names: tuple[str, ...]
    errors: tuple[SyntaxProblem, ...] = ()
    methods: tuple[str, ...] = ()
    """All methods, as `Type.Method`."""

    @property
    def signatures(self) -> tuple[str, ...]:
        """Return all signatures, sorted: what dependants can see of the file."""
        return tuple(sorted(declaration.signature for declaration in self.declarations))


def missing(contract: Api, actual: Api) -> list[str]:
    """Say, a sentence each, what a contract declares and a file lacks or declares differently."""
    sentences = []
    if contract.package != actual.package:
        sentences.append(f"the package clause is `package {actual.package}`, the contract says `{contract.package}`")
    declared = {declaration.name: declaration for declaration in actual.declarations}
    for wanted in contract.declarations:
        found = declared.get(wanted.name)
        if found is None:
            sentences.append(f"`{wanted.signature}` is missing")
        else:
            sentences += _differences(wanted, found)
    return sentences


def _differences(wanted: Declaration, found: Declaration) -> Iterator[str]:
    """Compare two declarations of a name."""
    if wanted.kind is not found.kind:
        yield f"`{found.head}` is declared, the contract says `{wanted.head}`"
    elif wanted.kind in (Kind.CONST, Kind.VAR):
        if not _value_fits(wanted, found):
            yield f"`{found.signature}` is declared, the contract says `{wanted.signature}`"
    elif wanted.head != found.head:
        yield f"`{found.head}` is declared, the contract says `{wanted.head}`"
    elif wanted.kind is Kind.STRUCT:
        yield from _field_differences(wanted, found)
    elif wanted.kind is Kind.INTERFACE:
        yield from _element_differences(wanted, found)


def _value_fits(wanted: Declaration, found: Declaration) -> bool:
    """Compare constants by type and value, variables by the types that both state: the rest needs a compiler."""
    if wanted.kind is Kind.VAR:
        return not wanted.type or not found.type or wanted.type == found.type
    return wanted.type == found.type and wanted.value in ("", found.value)


def _field_differences(wanted: Declaration, found: Declaration) -> Iterator[str]:
    """Look for the fields of a contract's struct; further ones are the file's own affair."""
    fields = {field.name: field for field in found.fields or ()}
    for field in wanted.fields or ():
        if field.name not in fields:
            yield f"the field `{field}` of `{wanted.name}` is missing"
        elif field != fields[field.name]:
            yield f"the field `{fields[field.name]}` of `{wanted.name}` should be `{field}`"


def _element_differences(wanted: Declaration, found: Declaration) -> Iterator[str]:
    """Compare interfaces exactly, because others implement what the contract says."""
    if wanted.elements is None:
        return
    actual = found.elements or ()
    for element in wanted.elements:
        if element not in actual:
            yield f"the interface `{wanted.name}` lacks `{element}`"
    for element in actual:
        if element not in wanted.elements:
            yield f"the interface `{wanted.name}` has `{element}`, which its contract does not state"
