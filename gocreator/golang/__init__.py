"""The Go toolchain and Go source."""
