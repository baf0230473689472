"""How the emulator counts: one rule for both providers, so that a test can predict every usage to the token.

A text takes a token for every four bytes of its UTF-8, rounded up; a prompt takes the sum over its blocks, and nothing
else: no message, role or tool costs anything besides its text. Of a block that is no text, its compact JSON is counted.
"""

import json
from collections.abc import Mapping
from typing import Any

BYTES_PER_TOKEN = 4


def count(text: str) -> int:
    """Return how many tokens a text takes."""
    return -(-len(text.encode(errors="surrogatepass")) // BYTES_PER_TOKEN)


def clip(text: str, tokens: int) -> str:
    """Return the beginning of a text that fits into so many tokens."""
    return text.encode()[: max(tokens, 0) * BYTES_PER_TOKEN].decode(errors="ignore")


def compact(value: Any) -> str:
    """Return a value as compact JSON, in the order it was given: providers do not sort keys either."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def text_of(block: Mapping[str, Any]) -> str:
    """Return what is counted of a block of a prompt, its cache mark left out."""
    if isinstance(block.get("text"), str):
        return str(block["text"])
    marks = ("cache_control", "prompt_cache_breakpoint")
    return compact({key: value for key, value in block.items() if key not in marks})
