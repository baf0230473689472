"""What templates see of references by key, from both of their ends."""

from dataclasses import dataclass

from gocreator import gonames
from gocreator.plan.gocode.literals import NILABLE, TEXTS
from gocreator.plan.views.entityface import FaceView
from gocreator.plan.views.links import Link


@dataclass(frozen=True)
class LinkView:
    """A field that holds a key."""

    link: Link
    source: FaceView
    target: FaceView

    @property
    def json(self) -> str:
        """Return the field's name in JSON."""
        return self.link.attribute.name

    @property
    def name(self) -> str:
        """Return the field's name in Go."""
        return gonames.exported(self.link.attribute.name)

    @property
    def lookup(self) -> str:
        """Return the method of the source's store that tells whether a record has a key there."""
        return f"Has{self.name}"

    @property
    def reflexive(self) -> bool:
        """Tell whether it refers to its own entity."""
        return self.source.element == self.target.element

    @property
    def closing(self) -> bool:
        """Tell whether it closes a cycle of required references."""
        return self.link.closing

    @property
    def pointer(self) -> bool:
        """Tell whether the field is a pointer to the key."""
        kind = self.link.attribute.type
        return kind.optional and kind.base not in NILABLE

    @property
    def param_pointer(self) -> bool:
        """Tell whether the params hold a pointer to the key."""
        return self.pointer or self.link.attribute.default is not None

    @property
    def optional(self) -> bool:
        """Tell whether it may refer to nothing."""
        return self.link.attribute.type.optional

    @property
    def may_be_empty(self) -> bool:
        """Tell whether the field is a text that may be empty, which refers to nothing."""
        attribute = self.link.attribute
        return attribute.type.base in TEXTS and not attribute.required and not self.pointer

    def given(self, subject: str) -> str:
        """Return the condition that the field of a variable refers to something; empty where it always does."""
        if self.pointer:
            return f"{subject}.{self.name} != nil"
        return f'{subject}.{self.name} != ""' if self.may_be_empty else ""

    def key(self, subject: str) -> str:
        """Return the key that the field of a variable holds."""
        return f"{'*' if self.pointer else ''}{subject}.{self.name}"
