"""The entry point: the fast path first, then the command line; errors become exit codes here and nowhere else."""

import gc
import os
import sys


def main() -> int:
    """Run gocreator and return its exit code."""
    from gocreator import interrupts

    try:
        interrupts.accept()
        code = _run()
    except KeyboardInterrupt:
        # It came before the command line was there to take it, or on the fast path.
        interrupts.ignore()
        sys.stderr.write("interrupted: nothing was begun\n")
        return 130
    interrupts.ignore()
    return code


def _run() -> int:
    from gocreator import fastpath

    code = fastpath.run(sys.argv[1:])
    if code is not None:
        return code
    from gocreator.cli.ending import run

    return run(sys.argv[1:])


def script() -> None:
    """Run gocreator and leave the process at once.

    To take a large plan apart, object by object, takes longer than many a command. And a command makes many objects and
    drops few: looking for garbage costs a fifth of a large build, while a process that lives on needs it.
    """
    gc.set_threshold(2_000_000, 50, 100)
    code = main()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    script()
