"""How money and time are added up, and written for people."""

from collections.abc import Iterable


def added(costs: Iterable[float | None]) -> float | None:
    """Add up dollars; a cost that nobody knows makes the sum unknown."""
    known = list(costs)
    return None if None in known else sum(it or 0.0 for it in known)


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return for how long at least one of some spans, each a start and an end, lasted."""
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def money(dollars: float | None) -> str:
    """Write dollars, small sums more exactly; None is a price that nobody knows."""
    if dollars is None:
        return "an unknown sum"
    return (
        f"${dollars:,.2f}" if dollars >= 1 else f"${dollars:.3f}" if dollars >= 0.01 or not dollars else "under $0.01"
    )


def span(seconds: float) -> str:
    """Write how long something takes, to the second."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
