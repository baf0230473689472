"""Sentences for Go comments from the words of a specification."""

import re

from gocreator.plan.golayout import clean

_ARTICLE = re.compile(r"(an?|the|one|any|every|each) ", re.IGNORECASE)
_VERBS = """
    represents holds stores contains describes defines tracks records keeps knows models is has links belongs names says
    tells marks counts refers identifies maps groups captures specifies indicates authenticates builds calculates
    checks collects computes connects converts creates delivers exposes finds formats generates gives handles
    implements loads logs makes manages parses provides reads receives renders returns schedules searches sends
    serves sums talks translates turns validates watches wraps writes
"""
_VERB = re.compile(rf"({'|'.join(_VERBS.split())})\b ", re.IGNORECASE)


def paragraph(text: str) -> str:
    """Return a description as one line that ends as a sentence does."""
    line = clean(text)
    if not line:
        return ""
    return line if line[-1] in ".!?" else line + "."


def described(name: str, text: str) -> str:
    """Return a description as a sentence about a Go name, or on its own where it does not go on from the name."""
    line = paragraph(text)
    if not line or line.startswith(f"{name} "):
        return line
    rest = line[0].lower() + line[1:]
    if _ARTICLE.match(line):
        return f"{name} is {rest}"
    if _VERB.match(line):
        return f"{name} {rest}"
    return line[0].upper() + line[1:]


def begins_with(name: str, text: str) -> bool:
    """Tell whether a sentence begins with a Go name, as a doc comment should."""
    return text.startswith(f"{name} ")


def listed(parts: list[str]) -> str:
    """Join parts as a sentence does: `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def with_article(words: str) -> str:
    """Put `a` or `an` before words."""
    return f"an {words}" if words[:1].lower() in "aeio" else f"a {words}"
