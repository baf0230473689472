"""`gocreator report`: what a run did, and what it cost; with `--history`, how runs compare."""

from pathlib import Path

import click

from gocreator.cli.options import JSON, Invocation, common
from gocreator.cli.printing import echo_json
from gocreator.errors import Failed, WrongUsage


@click.command()
@click.argument("run", default="latest")
@click.option("--history", is_flag=True, help="Compare the runs, the newest last.")
@click.option("--open", "opens", is_flag=True, help="Open the page of the report in a browser.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="With --history: so many.")
@JSON
@common
def command(call: Invocation, run: str, limit: int, **how: bool) -> int:
    """Show the report of RUN, by default of the latest: what was built and why, calls, tokens, cost, verification."""
    from gocreator.cli.showreport import show_history, show_report
    from gocreator.observe.readreports import history_of, read_report

    if how["history"] and (run != "latest" or how["opens"]):
        raise WrongUsage("--history compares all runs", hint="give it without RUN and without --open")
    if how["opens"] and how["as_json"]:
        raise WrongUsage("--open and --json exclude each other", hint="give one of them")
    reports = _reports(call)
    if how["history"]:
        found = history_of(reports, limit)
        if how["as_json"]:
            echo_json({"version": 1, "runs": found})
        else:
            show_history(found)
        return 0
    report = read_report(reports, run)
    if how["opens"]:
        return _open(reports / report["run"] / "report.html")
    if how["as_json"]:
        echo_json(report)
    else:
        show_report(report)
    return 0


def _open(page: Path) -> int:
    """Open a page; its place is said too, for those who sit at another machine."""
    import webbrowser

    if not page.is_file():
        raise Failed(f"{page} is missing", hint="`gocreator build` writes one with every run")
    click.echo(page)
    if webbrowser.open(page.as_uri()):
        return 0
    raise Failed("no browser was found that opens it", hint="open it yourself, or name one in the variable BROWSER")


def _reports(call: Invocation) -> Path:
    """Return where reports lie; a specification is not needed to read them."""
    from gocreator.store.workspace import HOME

    place = call.project / HOME / "reports"
    if not place.is_dir():
        raise WrongUsage(f"there are no reports in {place}", hint="`gocreator build` writes one")
    return place
