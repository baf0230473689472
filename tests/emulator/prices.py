"""What the emulated providers charge, for tests and benchmarks: gathered apart from gocreator's own prices.

Source: the providers' pages of prices and of prompt caching, November 2026. Left out are prices that depend on how long
a prompt is.
"""

from dataclasses import dataclass

from tests.emulator.prompts import Bill

TOKENS = 1_000_000
"""Prices are dollars for so many tokens."""


@dataclass(frozen=True)
class Price:
    """What a model's tokens cost, in dollars a million."""

    plain: float
    read: float
    short: float
    """Written to be kept 5 or 30 minutes."""
    long: float
    """Written to be kept 1 or 12 hours."""
    output: float

    def input(self, bill: Bill) -> float:
        """Return what the input of a call costs, in dollars."""
        counted = ((bill.plain, self.plain), (bill.read, self.read), (bill.short, self.short), (bill.long, self.long))
        return sum(tokens * price for tokens, price in counted) / TOKENS

    def billed(self, bill: Bill) -> float:
        """Return how many uncached tokens cost as much as the input of a call."""
        return self.input(bill) / self.plain * TOKENS

    def cost(self, bill: Bill, output: int) -> float:
        """Return what a call costs, in dollars."""
        return self.input(bill) + output * self.output / TOKENS


PRICES = {
    "claude-fable-5-2": Price(8, 0.20, 10, 16, 40),
    "claude-opus-5-5": Price(4, 0.20, 5, 8, 20),
    "claude-opus-4-6": Price(5, 0.50, 6.25, 10, 25),
    "claude-sonnet-5-5": Price(2, 0.10, 2.50, 4, 10),
    "claude-sonnet-5": Price(2, 0.20, 2.50, 4, 10),
    "claude-haiku-4-5": Price(1, 0.10, 1.25, 2, 5),
    "gpt-6.2-sol": Price(2, 0.10, 2.50, 5, 10),
    "gpt-6.1-sol": Price(2, 0.10, 2.50, 5, 10),
    "gpt-6.1-terra": Price(1, 0.05, 1.25, 2.50, 5),
    "gpt-5.4": Price(2.5, 0.25, 2.5, 2.5, 15),
}
