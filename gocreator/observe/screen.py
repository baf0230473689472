"""How a run goes on, as lines for a terminal of any width: phases, calls in flight, and what they come to."""

import time
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from gocreator.observe.figures import money, span
from gocreator.observe.progress import Flight, Progress

_CALLS = 8
"""So many calls are shown one by one."""
_NARROW = 80
_BAR, _SHORT_BAR = 30, 12


def screen(progress: Progress, console: Console, now: float) -> list[str]:
    """Return the lines that show a run at a time, each no wider than the console and no more than it is high."""
    with progress.lock:
        shown = Group(*_parts(progress, console, now))
    with console.capture() as captured:
        # A character in the last column would be taken away by what clears the rest of a line.
        console.print(shown, width=max(1, console.width - 1))
    return captured.get().splitlines()[-max(1, console.height - 1) :]


def _parts(progress: Progress, console: Console, now: float) -> Iterator[RenderableType]:
    phases = _phases(progress, console.width)
    if phases.row_count:
        yield phases
    flights = list(progress.flights.values())
    if flights:
        yield _calls(flights[:_CALLS], console, now)
    if len(flights) > _CALLS:
        yield Text(f"  and {len(flights) - _CALLS} more calls", style="dim")
    if progress.verifying:
        yield _spinning(console, now, f"verifying with {progress.verifying}")
    for line in _totals(progress, now):
        yield Text(line, style="bold", no_wrap=True, overflow="ellipsis")


def _phases(progress: Progress, width: int) -> Table:
    """Return a bar for each phase that has begun and is not over."""
    table = _table()
    bar = _BAR if width >= _NARROW else _SHORT_BAR
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=20)
    table.add_column(width=bar)
    table.add_column(no_wrap=True, justify="right")
    for phase, planned in progress.planned.items():
        built = progress.built[phase]
        if 0 < built < planned:
            table.add_row(phase, ProgressBar(planned, built, width=bar), f"{built}/{planned}")
    return table


def _calls(flights: list[Flight], console: Console, now: float) -> Table:
    table = _table()
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    if console.width >= _NARROW:
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True, justify="right", overflow="ellipsis", max_width=console.width // 3)
    for it in flights:
        more = f" +{len(it.paths) - 1}" if len(it.paths) > 1 else ""
        what = "" if it.purpose in {"write", ""} else f"{it.purpose} "
        model = [it.model] if console.width >= _NARROW else []
        streamed = f"~{it.tokens:,} tokens" if it.tokens else "..."
        table.add_row(
            _spinner(console, now),
            it.call,
            *model,
            f"{what}{it.paths[0] if it.paths else ''}{more}",
            span(max(0.0, now - it.since)),
            Text(f"waits: {it.waits}", style="yellow") if it.waits else streamed,
        )
    return table


def _totals(progress: Progress, now: float) -> Iterator[str]:
    """Say in two lines at most what is done, what it took, and what is left."""
    elapsed = span(max(0.0, now - (progress.began or now)))
    failed = f", {progress.failed} failed" if progress.failed else ""
    before = f" ({progress.before})" if progress.before else ""
    left = progress.left(now)
    rest = f", about {span(left)} left" if left else ""
    done = f"{progress.done}/{progress.work} files" if progress.work else "contracts first"
    yield f"{done}{failed}{before} · {elapsed}{rest}"
    if progress.calls or progress.flights:
        yield " · ".join(_spent(progress))


def _spent(progress: Progress) -> Iterator[str]:
    foreseen = progress.foreseen
    about = f" of about {money(foreseen.cost)}" if foreseen and foreseen.cost is not None else ""
    limit = f" (limit {money(foreseen.max_cost)})" if foreseen and foreseen.max_cost is not None else ""
    planned = f"/{max(progress.calls, foreseen.calls)}" if foreseen else ""
    yield f"{progress.calls}{planned} calls"
    yield f"{money(progress.cost)}{'+' if progress.unpriced else ''}{about}{limit}"
    read = f" ({progress.tokens['cache_read'] / progress.input:.0%} cached)" if progress.tokens["cache_read"] else ""
    if not progress.calls:
        return
    yield f"{progress.input:,} in{read}, {progress.tokens['output']:,} out"


def _table() -> Table:
    return Table.grid(padding=(0, 1), expand=False)


def _spinner(console: Console, now: float) -> Text:
    spinner = Spinner("line" if console.options.ascii_only else "dots")
    return Text(spinner.frames[int(now * 1000 / spinner.interval) % len(spinner.frames)], style="cyan")


def _spinning(console: Console, now: float, text: str) -> Table:
    table = _table()
    table.add_row(_spinner(console, now), text)
    return table


def beat(progress: Progress, now: float | None = None) -> str:
    """Return one plain line that says how a run goes on."""
    with progress.lock:
        now = time.time() if now is None else now
        waiting = sum(bool(it.waits) for it in progress.flights.values())
        parts = [f"{progress.done} of {progress.work} files"]
        parts += [f"{progress.failed} failed"] if progress.failed else []
        if progress.flights:
            parts.append(f"{len(progress.flights)} calls in flight{f', {waiting} waiting' if waiting else ''}")
        if progress.calls:
            parts.append(f"{progress.input:,} tokens in, {progress.tokens['output']:,} out, {money(progress.cost)}")
        parts += [f"{progress.verifying} judges"] if progress.verifying else []
        parts.append(span(max(0.0, now - (progress.began or now))))
    return f"working  {', '.join(parts)}"
