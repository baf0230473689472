"""Setting aside what cannot be read: it is renamed beside its place, never removed but on request."""

import shutil
import time
from pathlib import Path


def set_aside(place: Path) -> Path:
    """Rename a damaged file or directory, and return where it lies now."""
    stamp, number = int(time.time()), 0
    while (found := place.with_name(f"{place.name}.corrupt-{stamp + number}")).exists():
        number += 1
    return place.rename(found)


def drop_aside(place: Path) -> None:
    """Remove what was set aside, as far as that can be done; a link is removed, not what it leads to."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)
