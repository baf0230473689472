"""Setting aside what cannot be read: it is renamed beside its place, never removed."""

import time
from pathlib import Path


def set_aside(place: Path) -> Path:
    """Rename a damaged file or directory, and return where it lies now."""
    stamp, number = int(time.time()), 0
    while (found := place.with_name(f"{place.name}.corrupt-{stamp + number}")).exists():
        number += 1
    return place.rename(found)
