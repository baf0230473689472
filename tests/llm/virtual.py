"""Time that passes only while all threads sleep, so that what takes minutes is tried at once and always alike."""

import heapq
import threading
from collections.abc import Callable, Iterable
from itertools import count


class VirtualClock:
    """Threads run in it (`run`), sleep in it, and see it move on to when the first of them wakes."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._start = start
        self.passed = 0.0
        """Seconds since the start; smaller numbers, so that the shortest sleep moves it on."""
        self._awake = 0
        self._changed = threading.Condition()
        self._sleeping: list[tuple[float, int]] = []
        self._numbers = count()

    def now(self) -> float:
        """Return the time, as the emulator wants it."""
        return self._start + self.passed

    def sleep(self, seconds: float) -> bool:
        """Sleep; nobody is cancelled."""
        with self._changed:
            me = (self.passed + seconds, next(self._numbers))
            heapq.heappush(self._sleeping, me)
            self._awake -= 1
            self._wake()
            while me in self._sleeping:
                assert self._changed.wait(60), "nobody moves the time on"
        return False

    def run(self, works: Iterable[Callable[[], None]]) -> None:
        """Do everything at once, each in a thread of its own; raise what one of them raises."""
        failures: list[BaseException] = []

        def do(work: Callable[[], None]) -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - it is raised again
                failures.append(error)
            finally:
                with self._changed:
                    self._awake -= 1
                    self._wake()

        threads = [threading.Thread(target=do, args=(work,), daemon=True) for work in works]
        self._awake += len(threads)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _wake(self) -> None:
        """Wake whoever sleeps shortest, if nobody is awake."""
        if not self._awake and self._sleeping:
            self.passed, _ = heapq.heappop(self._sleeping)
            self._awake += 1
            self._changed.notify_all()
