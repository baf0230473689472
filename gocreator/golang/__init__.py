"""The Go toolchain: finding it, running it, judging with it."""
