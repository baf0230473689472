"""What of a Go file's exported API another text of it takes away or changes, for whoever uses it."""

from collections.abc import Iterator

from gocreator.gosource.api import Declaration, Kind
from gocreator.gosource.exported import exported_api


def api_changes(before: bytes | str, after: bytes | str, *, methods: bool = True) -> list[str]:
    """Return what users of a file must change, in words; what was only added is none of it.

    Without `methods` one that is gone is no change: of a file that is not written yet, its contract does not say all.
    """
    old, new = exported_api(before), {it.name: it for it in exported_api(after).declarations}
    found: list[str] = []
    for was in old.declarations:
        now = new.get(was.name)
        if now is not None:
            found += _changed(was, now)
        elif methods or was.kind is not Kind.METHOD:
            found.append(f"{was.head} is gone")
    return found


def _changed(was: Declaration, now: Declaration) -> Iterator[str]:
    if was.kind is not now.kind or was.head != now.head:
        yield f"{now.head} was {was.head}"
    elif was.kind is Kind.STRUCT:
        yield from _fields(was, now)
    elif was.kind is Kind.INTERFACE:
        yield from _elements(was, now)


def _fields(was: Declaration, now: Declaration) -> Iterator[str]:
    has = {it.name: it for it in now.fields or ()}
    for field in was.fields or ():
        other = has.get(field.name)
        if other is None:
            yield f"{was.name}.{field.name} is gone"
        elif other.type != field.type:
            yield f"{was.name}.{field.name} is {other.type}, and was {field.type}"


def _elements(was: Declaration, now: Declaration) -> Iterator[str]:
    """Compare interfaces: those who call miss what is gone, those who implement what is new."""
    before, after = was.elements or (), now.elements or ()
    yield from (f"{was.name}: {it} is gone" for it in before if it not in after)
    yield from (f"{was.name}: {it} is new" for it in after if it not in before)
