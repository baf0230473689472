"""Lines for people and documents for programs; stdout carries nothing else."""

import json
from collections.abc import Sequence

import click

FORMAT = 1
"""The version of the shape of JSON documents."""


def echo_json(document: object) -> None:
    """Print a JSON document, and nothing else, on stdout."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def of_outdated(count: int) -> str:
    """Say how many files are outdated, and what to do; empty where none is."""
    files = "1 file is" if count == 1 else f"{count} files are"
    return f"{files} outdated, and kept: `gocreator build --upgrade` asks for them anew" if count else ""


def echo_path(word: str, path: str, reasons: Sequence[str] = ()) -> None:
    """Print a path with a word in front and the first reason behind."""
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    click.echo(f"{word:<12} {path}" + (f"  {reasons[0]}{more}" if reasons else ""))
