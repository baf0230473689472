"""RUNNING a plan; the only importer of doit."""
