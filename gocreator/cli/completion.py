"""`gocreator completion SHELL`: the script that lets a shell complete commands, flags and targets."""

import click

from gocreator.cli.options import Invocation, common


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common
def command(call: Invocation, *, shell: str) -> int:  # noqa: ARG001  # every command has the common flags
    """Print the completion script for a shell.

    For bash, put into ~/.bashrc: eval "$(gocreator completion bash)". For zsh, put into ~/.zshrc, after compinit:
    eval "$(gocreator completion zsh)". For fish: gocreator completion fish > ~/.config/fish/completions/gocreator.fish
    """
    from gocreator.cli.completing import script
    from gocreator.cli.main import cli

    click.echo(script(cli, shell))
    return 0
