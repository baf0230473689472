"""What templates need to lay out Go as gofmt does: aligned columns, sorted imports, comments.

`FILTERS` and `GLOBALS` are given to every template.
"""

from collections.abc import Callable, Mapping
from typing import Any

FILTERS: Mapping[str, Callable[..., Any]] = {}
GLOBALS: Mapping[str, Any] = {}
