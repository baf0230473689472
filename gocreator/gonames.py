"""How names of a specification become names of Go: identifiers, files, packages, plurals.

Pure and free of other parts, because the check of a specification and the plan must agree on them.
"""

import re
from functools import lru_cache

KEPT = 100_000
"""So many names are remembered: the same ones are asked for again and again."""

KEYWORDS = frozenset(
    "break case chan const continue default defer else fallthrough for func go goto if import interface map "
    "package range return select struct switch type var".split()
)
PREDECLARED = frozenset(
    "any append bool byte cap clear close comparable complex complex64 complex128 copy delete error false float32 "
    "float64 imag int int8 int16 int32 int64 iota len make max min new nil panic print println real recover rune "
    "string true uint uint8 uint16 uint32 uint64 uintptr".split()
)
"""As in https://go.dev/ref/spec#Predeclared_identifiers."""
INITIALISMS = frozenset(
    "ACL API ASCII CHF CPU CSS DB DNS EOF EUR GBP GUID HTML HTTP HTTPS ID IP JPY JSON JWT OS PDF QPS RAM RPC SKU SLA "
    "SMTP SQL SSH TCP TLS TTL UDP UI UID USD UUID URI URL UTF8 VAT VM XML XMPP XSRF XSS".split()
)
"""As in https://go.dev/wiki/CodeReviewComments#initialisms, and a few of business."""
_INITIALISMS = {word.lower(): word for word in INITIALISMS} | {
    f"{word}s".lower(): f"{word}s" for word in "ACL API CPU DB GUID ID IP PDF SKU SLA UID UUID URI URL VM".split()
}
"""How words are written that begin with initials: `id` as `ID`, and `ids` as `IDs`."""

_KNOWN_GOOS = (
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris "
    "wasip1 windows zos"
)
_KNOWN_GOARCH = (
    "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 "
    "ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm"
)
_SPECIAL_ENDINGS = frozenset([*_KNOWN_GOOS.split(), *_KNOWN_GOARCH.split(), "test"])
"""The last words of file names that `go build` reads as constraints (go/build, syslist.go)."""

_SINGULARS = {
    "caches": "cache",
    "cookies": "cookie",
    "movies": "movie",
    "news": "news",
    "people": "person",
    "series": "series",
    "species": "species",
}
"""Singulars that no rule of ours gives."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_TYPE_NAME = re.compile(r"[A-Z][A-Z0-9]*[a-z][A-Za-z0-9]*\Z")
_WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|[A-Z]")


def is_identifier(name: str) -> bool:
    """Tell whether a name can stand in Go code as it is (ASCII only, so that it can be exported)."""
    return bool(_IDENTIFIER.match(name)) and name not in KEYWORDS and name.strip("_") != ""


def words(name: str) -> list[str]:
    """Split `userID`, `user_id`, `user-id` and `UserId` into `user`, `id`."""
    return [word.lower() for word in _WORD.findall(name)]


@lru_cache(KEPT)
def exported(name: str) -> str:
    """Return the exported Go identifier of a name: `user_id` becomes `UserID`, and `IoTDevice` stays as it is."""
    if _TYPE_NAME.match(name):
        return name
    return "".join(_INITIALISMS.get(word) or word.capitalize() for word in words(name))


@lru_cache(KEPT)
def unexported(name: str) -> str:
    """Return the unexported Go identifier of a name: `UserID` becomes `userID`; a keyword gets a final `_`."""
    parts = words(name)
    result = parts[0] + exported("_".join(parts[1:])) if parts else ""
    return result + "_" if result in KEYWORDS else result


@lru_cache(KEPT)
def snake(name: str) -> str:
    """Return `user_id` of `UserID`."""
    return "_".join(words(name))


def kebab(name: str) -> str:
    """Return `user-id` of `UserID`."""
    return "-".join(words(name))


@lru_cache(KEPT)
def sentence(name: str) -> str:
    """Return the words of a name, initialisms in capitals: `media type ID` of `MediaTypeID`."""
    return " ".join(_INITIALISMS.get(word, word) for word in words(name))


def file_stem(name: str) -> str:
    """Return the file name, without ending, of a type; never one that `go build` gives a meaning."""
    stem = snake(name)
    last = stem.rpartition("_")[2]
    return f"{stem}_type" if last in _SPECIAL_ENDINGS else stem


def package_name(path: str) -> str:
    """Return the package clause for a directory: its last segment, lower case, letters and digits only."""
    last = path.rstrip("/").rpartition("/")[2]
    return re.sub(r"[^a-z0-9]", "", last.lower())


def plural(word: str) -> str:
    """Return the English plural of the last word of a snake-case name, by rule."""
    if re.search(r"[^aeiou]y\Z", word):
        return word[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)\Z", word):
        return word + "es"
    return word + "s"


def singular(name: str) -> str:
    """Return a snake-case name with its last word in the singular, by rule: `genres` becomes `genre`."""
    before, _, last = name.rpartition("_")
    return f"{before}_{_singular(last)}" if before else _singular(last)


def enum_type(entity: str, attribute: str, *, several: bool) -> str:
    """Return the type of an attribute's enum; `several` says that the attribute holds more than one value of it."""
    return entity + exported(singular(snake(attribute)) if several else attribute)


def _singular(word: str) -> str:
    if word in _SINGULARS:
        return _SINGULARS[word]
    if re.search(r"[^aeiou]ies\Z", word) and len(word) > len("ties"):
        return word[:-3] + "y"
    if re.search(r"(ss|x|ch|sh|[^aeo]us)es\Z", word):
        return word[:-2]
    return word if not word.endswith("s") or re.search(r"(ss|us|is)\Z", word) else word[:-1]


def receiver(name: str) -> str:
    """Return the receiver's name for the methods of a type: its first letter, in lower case."""
    return name[:1].lower()
