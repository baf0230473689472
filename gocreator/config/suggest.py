"""What somebody may have meant who named an option that does not exist."""

from gocreator.config.options import BY_ENVIRONMENT, BY_KEY, SECTIONS


def suggest_key(key: str) -> str:
    """Find the option or section that a key resembles, in its place or in another."""
    known = [*BY_KEY, *SECTIONS]
    last = key.rpartition(".")[2]
    elsewhere = [option for option in BY_KEY if option.rpartition(".")[2] == last]
    close = _close(key, known) or (elsewhere[0] if len(elsewhere) == 1 else "")
    return f"did you mean `{close}`?" if close else "`gocreator config` lists all options"


def suggest_variable(variable: str) -> str:
    """Find the environment variable that a name resembles."""
    close = _close(variable, list(BY_ENVIRONMENT))
    return f"did you mean {close}?" if close else "`gocreator config` lists all options"


def closest(word: str, words: list[str]) -> str:
    """Ask whether somebody meant the word that another resembles; empty if none does."""
    close = _close(word, words)
    return f"did you mean `{close}`?" if close else ""


def _close(word: str, words: list[str]) -> str:
    """Return the word that resembles another, if one does."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    return next(iter(get_close_matches(word, words, 1, 0.75)), "")
