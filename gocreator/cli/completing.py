"""What shells complete: click's completion, with targets, and words that hold colons in bash."""

import os
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

VARIABLE = "_GOCREATOR_COMPLETE"

_BASH = """\
%(complete_func)s() {
    local type value response
    COMPREPLY=()
    response=$(COMP_LINE="${COMP_LINE:0:$COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1")
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<< "$response"
}

complete -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """bash, which takes `rule:model` for three words and replaces the last one only."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Split the line up to the cursor anew, at blanks alone."""
        line = os.environ.get("COMP_LINE", "")
        words = split_arg_string(line)[1:]
        if not words or line[-1:].isspace():
            return words, ""
        return words[:-1], words[-1]

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Leave out of each word what stands before the last colon already."""
        found = super().get_completions(args, incomplete)
        breaking = [sign for sign in ":=" if sign in os.environ.get("COMP_WORDBREAKS", "")]
        start = max((incomplete.rfind(sign) + 1 for sign in breaking), default=0)
        return [CompletionItem(it.value[start:], it.type) if it.type == "plain" else it for it in found]


def register() -> None:
    """Let click answer the shells' questions with these classes."""
    add_completion_class(Bash)


def script(cli: click.Command, shell: str) -> str:
    """Return the script that a shell evaluates."""
    register()
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"there is no completion for {shell}")
    shell_complete = found(cli, {}, "gocreator", VARIABLE)
    # Not `source()`, which looks for a bash on this machine to judge its version.
    return shell_complete.source_template % shell_complete.source_vars()


def complete_targets(context: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Return the targets, rules, phases and entities that a TARGET may mean; nothing where there is no plan."""
    from gocreator.cli.options import Invocation
    from gocreator.engine.session import Session
    from gocreator.errors import GocreatorError

    given: dict[str, Any] = {}
    for level in (context.parent, context):
        given |= {name: value for name, value in (level.params if level else {}).items() if value is not None}
    flags = {name: value for name, value in given.items() if name in Invocation.__dataclass_fields__}
    try:
        session = Session(Invocation(**flags).request)
        plan, output = session.plan, session.workspace.output
    except (GocreatorError, OSError):
        return []
    targets = plan.targets.values()
    words = [
        *plan.targets,
        *(f"{output}/{path}" for path in plan.targets if incomplete),
        *(f"rule:{rule}" for rule in sorted({target.rule for target in targets})),
        *(f"phase:{phase}" for phase in plan.phases),
        *sorted({target.element for target in targets if target.element.startswith("entity:")}),
    ]
    chosen = set(context.params.get("targets") or ())
    return [CompletionItem(word) for word in words if word.startswith(incomplete) and word not in chosen]
