"""`python -m tests.emulator --tree DIR --port 0`: an emulator as a process, for demonstrations and measurements."""

import argparse
import contextlib
import sys
import threading
from pathlib import Path

from tests.emulator.answers import Source, tree
from tests.emulator.journal import Journal
from tests.emulator.latency import Latency
from tests.emulator.limits import Limits
from tests.emulator.server import Emulator
from tests.emulator.settings import Settings
from tests.emulator.tokens import LIKE, count_like

_UNREACHED = Limits(10**6, 10**9, 10**9, 10**9)
"""Time is hurried here, but not the minutes of limits: with those of real accounts, builds would wait for them."""


def main() -> int:
    """Print the base URLs, and serve until interrupted."""
    options = _options()
    if options.count_like:
        count_like(options.count_like, options.times)
    latency = Latency(options.first, options.speed, options.prefill, options.scale)
    source: Source = tree(options.tree) if options.tree else {}
    settings = Settings(source=source, latency=latency, keys=frozenset(options.key), thinking=options.thinking)
    settings.limits = _UNREACHED
    with contextlib.ExitStack() as stack:
        if options.journal:
            settings.told = stack.enter_context(Journal(options.journal))
        emulator = stack.enter_context(Emulator(settings, port=options.port))
        sys.stdout.write(f"ANTHROPIC_BASE_URL={emulator.url}\nOPENAI_BASE_URL={emulator.openai_url}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--tree", type=Path, help="the directory whose files are answered")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--key", action="append", default=[], help="a key that is accepted; none: any")
    parser.add_argument("--journal", type=Path, help="the file to which each call to a model is written as it ends")
    parser.add_argument("--count-like", choices=tuple(LIKE), help="count tokens like this provider, not every 4 bytes")
    parser.add_argument("--times", type=float, default=1.0, help="so many times as many tokens as it")
    parser.add_argument("--thinking", default="", help="what the model thinks before each answer")
    parser.add_argument("--first", type=float, default=0.0, help="seconds to the first token")
    parser.add_argument("--speed", type=float, default=0.0, help="tokens per second; 0: all at once")
    parser.add_argument("--prefill", type=float, default=0.0, help="uncached input tokens per second; 0: all at once")
    parser.add_argument("--scale", type=float, default=1.0, help="what a second lasts; 0: as fast as possible")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
