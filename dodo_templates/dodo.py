"""Lets plain doit build what `gocreator build` builds: `doit -n 4`, `doit list --all`, `doit clean`.

Settings for doit stand in doit.cfg beside this file; add your own tasks below.
"""

from gocreator import doit_tasks


def task_gocreator():
    """Make the generated files, then verify them."""
    yield from doit_tasks()
