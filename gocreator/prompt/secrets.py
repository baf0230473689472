"""Find secrets in prompts and answers, without repeating them. Best effort: what is found is reason to stop, no more.

Three kinds: formats of providers, passwords in addresses, and values that look random under a name that speaks of
secrets.
"""

import hashlib
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice

from gocreator.prompt.secretforms import CREDENTIALS, PROVIDERS

_MOST = 100
"""So many findings say enough; a text of nothing else takes no longer."""
_LEAST = 8
"""The characters of the shortest key that is looked for."""
KNOWN = "key-in-use"
"""The rule of secrets that are known."""
_NAME = re.compile(
    r"passw(?:or)?d|passwd|passphrase|pwd|secret|token|credential|bearer|api[_-]?key"
    r"|(?:access|private|signing|encryption|master|session|account|auth|client|licen[sc]e|hmac|jwt|shared)[_-]?key",
    re.IGNORECASE | re.ASCII,
)
_ASSIGNED = re.compile(
    r"""(?P<rest>[\w.-]{0,40})
    (?: \\?["'`]?\]?[ \t]{0,20}(?:(?:string|\[\]byte)[ \t]{1,20})?(?::=|=>|[!=]=|=|:) | \\?["'`], | > )
    [ \t]{0,20}(?:\[\]byte\()?
    (?: \\?"(?P<a>[^"\s\\]{8,300})\\?" | '(?P<b>[^'\s\\]{8,300})' | `(?P<c>[^`\s\\]{8,300})`
      | (?P<bare>[\w+/=.~!@%^*-]{10,300})(?=[\s&;,<"'`#]|\Z) )""",
    re.ASCII | re.VERBOSE,
)
_DESCRIBES = re.compile(
    r"(?:url|uri|path|file|name|type|endpoint|header|prefix|suffix|pattern|format|regexp?|kind|id|ids|len|size|hash|salt"
    r"|algorithm|method|issuer|audience|scheme|version|policy)\d?\Z",
    re.IGNORECASE,
)
"""How names end that speak of a secret without holding it."""
_PLACEHOLDER = re.compile(
    r"example|sample|placeholder|dummy|fake|redacted|changeme|change[_-]me|your[_-]|my[_-]?secret|xxxx|\*\*\*|\.\.\.|1234567"
    r"|abcdefg|deadbeef|00000000|insert|replace|<|>|\$\{|\$\(|\{\{|%[sdqvx]|%\(|\$[A-Z_]",
    re.IGNORECASE,
)
_COMMON = frozenset(
    "pass password passwd passw0rd pw secret secretpassword test user username admin root guest".split()
)
_WORDS = re.compile(r"[a-zA-Z]+\d{0,4}(?:[-_./:,=][a-zA-Z]*\d{0,4})*")
"""Words, versions and codes, which have digits at their ends alone."""


@dataclass(frozen=True)
class Finding:
    """A place that looks like a secret; the value itself is not kept."""

    rule: str
    line: int
    column: int
    """Both count from 1, columns in bytes, as Go's do."""
    excerpt: str
    """What stands there, with the secret left out."""
    fingerprint: str
    """Names the value in an allow-list, wherever it stands."""

    def __str__(self) -> str:
        """Write it the way that editors make it a link."""
        return f"{self.line}:{self.column}: this looks like a secret ({self.rule}): {self.excerpt}"

    @property
    def allowing(self) -> str:
        """Say, to go on with, what to do about a find that is none."""
        return "" if self.rule == KNOWN else f" (if it is none, add {self.fingerprint} to secrets.allow)"


@dataclass(frozen=True)
class _Candidate:
    rule: str
    start: int
    end: int
    shown: str


@dataclass(frozen=True)
class Secrets:
    """Looks for secrets: for what looks like one, and for those that are known."""

    allowed: frozenset[str] = frozenset()
    """The fingerprints of what only looks like a secret."""
    known: tuple[str, ...] = field(default=(), repr=False)
    """Keys that are in use; those that are too short to be told from words are not looked for."""

    def find(self, text: str) -> tuple[Finding, ...]:
        """Return what looks like a secret, in the order of the text."""
        return tuple(finding for finding, _, _ in self._spans(text))

    def hide(self, text: str) -> str:
        """Return a text with secrets left out."""
        parts, end = [], 0
        for _, start, stop in self._spans(text):
            parts += [text[end:start], "***"]
            end = stop
        return "".join((*parts, text[end:]))

    def _spans(self, text: str) -> Iterator[tuple[Finding, int, int]]:
        lines = [0, *(found.end() for found in re.finditer("\n", text))]
        end = 0
        candidates = islice(chain(self._known(text), _candidates(text)), _MOST)
        for it in sorted(candidates, key=lambda it: (it.start, -it.end)):
            if it.start < end:
                continue
            marked = fingerprint(text[it.start : it.end])
            if marked in self.allowed and it.rule != KNOWN:
                continue
            end, line = it.end, bisect_right(lines, it.start)
            column = len(text[lines[line - 1] : it.start].encode(errors="surrogatepass")) + 1
            yield Finding(it.rule, line, column, it.shown, marked), it.start, it.end

    def _known(self, text: str) -> Iterator[_Candidate]:
        for key in self.known:
            start = text.find(key) if len(key) >= _LEAST else -1
            while start >= 0:
                yield _Candidate(KNOWN, start, start + len(key), _masked("key", len(key)))
                start = text.find(key, start + len(key))


@lru_cache(256)
def fingerprint(value: str) -> str:
    """Name a value so that a message can say it: slow to make, because passwords are few enough to be tried."""
    data = value.encode(errors="surrogatepass")
    return hashlib.scrypt(data, salt=b"gocreator secret", n=2**12, r=8, p=1, dklen=8).hex()


def _candidates(text: str) -> Iterator[_Candidate]:
    for form in PROVIDERS:
        for found in form.find(text):
            start, end = found.span("secret" if "secret" in found.re.groupindex else 0)
            if entropy(text[start:end]) >= form.entropy and not text[start:end].endswith("EXAMPLE"):
                yield _Candidate(form.rule, start, end, _masked(form.rule, end - start))
    for form in CREDENTIALS:
        for found in form.find(text):
            if not _is_placeholder(found["secret"], found[0]):
                yield _Candidate(form.rule, *found.span("secret"), _masked("password", len(found["secret"])))
    yield from _named(text)


def _named(text: str) -> Iterator[_Candidate]:
    """Find values that look random under a name that speaks of secrets."""
    for name in _NAME.finditer(text):
        found = _ASSIGNED.match(text, name.end())
        if found is None or _DESCRIBES.search(found["rest"]):
            continue
        group = next(group for group in ("a", "b", "c", "bare") if found[group] is not None)
        value = found[group]
        if _looks_random(value, bare=group == "bare") and not _PLACEHOLDER.search(value):
            yield _Candidate("named-secret", *found.span(group), _masked(f"{name[0]} =", len(value)))


def _looks_random(value: str, *, bare: bool) -> bool:
    """Tell whether a value has the digits and the variety that generated ones have."""
    if not re.search(r"\d", value) or not re.search("[A-Za-z]", value) or "://" in value or _WORDS.fullmatch(value):
        return False
    # Without quotes it may be a name of Go's, such as testRSA2048PrivateKey.
    return entropy(value) >= (3.4 if bare else 3.2) and (not bare or len(re.findall(r"\d+", value)) > 1)


def _is_placeholder(password: str, place: str) -> bool:
    """Tell whether a password in an address is one of those that documents and tests show."""
    user = place.partition("://")[2].partition(":")[0] or place.partition(":")[0]
    plain = password.lower()
    return bool(_PLACEHOLDER.search(password)) or plain in _COMMON or plain == user.lower() or password.startswith("$")


def entropy(value: str) -> float:
    """Return Shannon's measure of a text, in bits per character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts) if value else 0.0


def _masked(what: str, length: int) -> str:
    return f"{what} ... ({length} characters)"
