"""What is REMEMBERED between builds: state, artifacts, lock file, base copies."""
