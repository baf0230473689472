"""The specifications that models are asked to write, and what the fewest tokens, calls and dollars are meant to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.benchmarks.builders import ROOT
from tests.benchmarks.specifications import specification


@dataclass(frozen=True)
class Savings:
    """What the optimised build means to save, in percent of the baseline; None: nothing is aimed at."""

    calls: float | None = 75
    billed: float | None = 92
    cost: float | None = 65
    hits: float | None = 80
    """Percent of the input that is read from the cache, not a saving."""
    prompt: float | None = None


@dataclass(frozen=True, eq=False)
class Subject:
    """A specification, and how it is built."""

    name: str
    text: str
    file: str = "fcs.yaml"
    aims: Savings = field(default_factory=Savings)
    flags: tuple[str, ...] = ()
    """What the optimised build is told beside the defaults."""
    contracts: Mapping[str, str] = field(default_factory=dict)
    """What a planner answers, by path."""

    def changed(self, old: str, new: str) -> "Subject":
        """Return the subject with another specification."""
        if self.text.count(old) != 1:
            raise ValueError(f"{old!r} must be there once in the specification of {self.name}")
        return replace(self, text=self.text.replace(old, new))


STATS = """\
package stats

import "time"

// Median returns how long customers wait in the middle of all cases; 0 if there are none.
func Median(waits []time.Duration) time.Duration
"""
WEBHOOK = """\
package webhook

// Verify tells whether the mail server that knows the secret has signed the body of a request.
func Verify(secret, body []byte, signature string) bool
"""

CHINOOK = Subject("Chinook, 11 entities", (ROOT / "tests/data/chinook.fcs.json").read_text(), "fcs.json")
SHOP = Subject("the shop, 16 entities", (ROOT / "examples/shop/fcs.yaml").read_text())
FIFTY = Subject("50 entities", specification(50), aims=Savings(billed=97, cost=75, prompt=50))
TICKETS = Subject(
    "custom logic, `--origin hybrid`",
    (ROOT / "examples/tickets/fcs.yaml").read_text(),
    aims=Savings(calls=None, billed=None, cost=85, hits=None),
    flags=("--origin", "hybrid"),
    contracts={"contracts/stats.go": STATS, "contracts/webhook.go": WEBHOOK},
)
SUBJECTS = (CHINOOK, SHOP, FIFTY, TICKETS)

CHANGED_SHOP = SHOP.changed("      website: url?\n", "      website: url?\n      note: text?\n")
"""A new field of one entity."""
TEN = Subject("ten entities", specification(10))
SMALL = Subject("a small project", specification(1, served=False))
