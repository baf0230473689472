"""Files that are shared with the user line by line, such as .gitignore."""


def merge_lines(base: str | None, mine: str, planned: str) -> str:
    """Bring a planned text into the user's, keeping every line of theirs.

    Lines that are new since the base are added at the end; lines that left the plan are taken out; a line
    that the user deleted stays deleted. Without a base (the file was there before) all planned lines are new.
    """
    before = _lines(base or "")
    now = _lines(planned)
    gone = before - now
    kept = [line for line in mine.splitlines() if not line.strip() or line.strip() not in gone]
    present = _lines(mine)
    added = [line for line in planned.splitlines() if line.strip() in now - before - present]
    if not added:
        return "\n".join(kept) + "\n" if kept else ""
    gap = [""] if kept and kept[-1].strip() else []
    return "\n".join([*kept, *gap, *added]) + "\n"


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}
