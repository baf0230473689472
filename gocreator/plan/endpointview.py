"""What templates see of an endpoint: its pattern, and which operation on an entity it is."""

from dataclasses import dataclass

from gocreator.fcs.model import Endpoint

_ON_ITEM = {"GET": "get", "PUT": "update", "DELETE": "delete"}
_ON_ALL = {"GET": "list", "POST": "create"}


@dataclass(frozen=True)
class EndpointView:
    """An operation that is offered over HTTP."""

    endpoint: Endpoint

    @property
    def method(self) -> str:
        """Return the method."""
        return self.endpoint.method

    @property
    def path(self) -> str:
        """Return the path with its parameters in braces."""
        return self.endpoint.path

    @property
    def pattern(self) -> str:
        """Return the pattern by which Go's router matches it and nothing below it."""
        return f"{self.method} {'/{$}' if self.path == '/' else self.path}"

    @property
    def description(self) -> str:
        """Return what it does."""
        return self.endpoint.description

    @property
    def entity(self) -> str:
        """Return the entity that it works on; empty for a custom endpoint."""
        return self.endpoint.entity

    @property
    def operation(self) -> str:
        """Return `list`, `create`, `get`, `update` or `delete`; empty where only its author knows what it does."""
        if not self.entity:
            return ""
        return (_ON_ITEM if self.path.endswith("}") else _ON_ALL).get(self.method, "")

    @property
    def parameter(self) -> str:
        """Return the name of the last parameter of its path."""
        return self.path.rpartition("{")[2].removesuffix("}")

    def example(self, key: str) -> str:
        """Return its path for a key."""
        return self.path.replace(f"{{{self.parameter}}}", key) if self.parameter else self.path
