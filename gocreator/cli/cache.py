"""`gocreator cache`: what is kept of the answers of models, and where."""

import sys
from dataclasses import fields
from pathlib import Path

import click

from gocreator.cli.cacheshow import show
from gocreator.cli.options import JSON, Invocation, common
from gocreator.cli.printing import echo_json
from gocreator.cli.storing import close_store, open_store, time_text

FILE = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")


@click.group()
@common
def command(call: Invocation) -> int:
    """Look into the store, which keeps what models answered, empty it, or carry it to another project.

    Its place, size and age are settings: store.dir, store.size_limit, store.max_age.
    """
    given = {field.name: getattr(call, field.name) for field in fields(call)}
    click.get_current_context().obj = {name: value for name, value in given.items() if value is not None}
    return 0


@command.command()
@JSON
@common
def stats(call: Invocation, *, as_json: bool) -> int:
    """Show how much is kept, by kind and model."""
    from gocreator.config.kinds import write_duration, write_size

    settings = call.settings
    store = open_store(call, create=False)
    summary = store.summary()
    warned = close_store(call, store)
    limits = {"size_limit": write_size(settings.store_size_limit), "max_age": write_duration(settings.store_max_age)}
    total = {
        "entries": summary.total.entries,
        "bytes": summary.total.bytes,
        "disk_bytes": summary.disk_bytes,
        "oldest": time_text(summary.oldest),
        "newest": time_text(summary.newest),
    }
    shares = [
        {"kind": kind, "model": model, "entries": share.entries, "bytes": share.bytes}
        for (kind, model), share in summary.shares.items()
    ]
    if as_json:
        echo_json({"directory": str(settings.store_dir), **limits, **total, "kinds": shares})
        return int(warned)
    for name, value in {"directory": settings.store_dir, **total, **limits}.items():
        click.echo(f"{name.replace('_', ' '):<12} {'-' if value is None else value}")
    for it in shares:
        click.echo(f"{it['kind']:<12} {it['entries']:>8} entries {it['bytes']:>12} bytes  {it['model']}".rstrip())
    return int(warned)


@command.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def clear(call: Invocation, *, yes: bool) -> int:
    """Remove everything that is kept.

    What is wanted again must be paid for again.
    """
    from gocreator.errors import Refused

    where = call.settings.store_dir
    if not yes:
        if not sys.stdin.isatty():
            raise Refused("nothing was removed", hint="say --yes where nobody can be asked")
        if not click.confirm(f"Remove everything from the store in {where}?", err=True):
            raise Refused("nothing was removed")
    store = open_store(call, create=False)
    count = store.clear()
    warned = close_store(call, store)
    click.echo(f"removed {count} entries")
    return int(warned)


@command.command()
@common
def path(call: Invocation) -> int:
    """Print the directory of the store."""
    click.echo(call.settings.store_dir)
    return 0


@command.command()
@FILE
@common
def export(call: Invocation, *, file: Path) -> int:
    """Write everything that is kept into FILE, which `import` reads."""
    from gocreator.store.archive import write_archive

    store = open_store(call, create=False)
    count = write_archive(store, call.project / file)
    warned = close_store(call, store)
    click.echo(f"exported {count} entries to {file}")
    return int(warned)


@command.command("import")
@FILE
@common
def import_(call: Invocation, *, file: Path) -> int:
    """Take the entries of FILE into the store.

    Each is taken if it is as its hash says. A hash tells what was damaged, not who wrote it: import what comes from
    people that you trust.
    """
    from gocreator.prompt.secrets import Secrets
    from gocreator.store.archive import read_archive

    store = open_store(call, create=True)
    secrets = Secrets(call.settings.allowed_secrets)
    found = read_archive(store, call.project / file, lambda data: bool(secrets.find(data.decode(errors="replace"))))
    warned = close_store(call, store)
    unkept = f", {found.unkept} not kept" if found.unkept else ""
    click.echo(f"imported {found.added} entries, {found.present} were there already, {found.refused} refused{unkept}")
    if not found.whole:
        call.warn(f"{file} is not complete: it was cut off, or lines are missing or too many")
    return int(warned or not found.complete)


command.add_command(show)
