"""What a file holds, known by its hashes, so that it need not be read to be compared."""

from collections.abc import Callable
from functools import cached_property

from gocreator.values import Checksum, Digest, checksum, digest


class Content:
    """What was found in one file; its bytes are read where no hash that is known can answer."""

    def __init__(self, read: Callable[[], bytes], known: tuple[Digest, Checksum] | None = None) -> None:
        self._read = read
        self._known = known

    @cached_property
    def data(self) -> bytes:
        """Return the bytes."""
        return self._read()

    @cached_property
    def digest(self) -> Digest:
        """Return what tells two contents apart."""
        return self._known[0] if self._known else digest(self.data)

    def checksum(self, algorithm: str) -> Checksum:
        """Hash the bytes with `sha256` or `blake3`."""
        if self._known and self._known[1].startswith(f"{algorithm}:"):
            return self._known[1]
        return checksum(self.data, algorithm)

    def matches(self, recorded: Checksum) -> bool:
        """Tell whether these are the bytes that a checksum was taken of, whatever its algorithm."""
        return self.checksum(recorded.partition(":")[0]) == recorded
