"""TELLING what happens: everything that can be observed is an event."""
