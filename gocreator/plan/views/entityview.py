"""What templates see of an entity: its own Go, and the faces of the entities beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gocreator import gonames
from gocreator.fcs.model import Attribute, Entity, Type
from gocreator.plan.gocode.checks import Variable
from gocreator.plan.gocode.literals import TEXTS, Place, go_type
from gocreator.plan.views.endpointview import EndpointView
from gocreator.plan.views.entityface import FaceView
from gocreator.plan.views.fieldview import EnumView, FieldView
from gocreator.plan.views.links import Link
from gocreator.plan.views.linkview import LinkView
from gocreator.plan.views.packageview import PackageView, SupportView
from gocreator.plan.views.prose import begins_with, described, listed, paragraph, with_article


@dataclass(frozen=True)
class EntityView(FaceView):
    """An entity with all that Go says about it."""

    fields: tuple[FieldView, ...]
    neighbours: tuple[str, ...]
    """The names of the entities that its attributes refer to, without itself."""
    references: tuple[FaceView, ...]
    """The faces of these."""
    links: tuple[LinkView, ...]
    """Its fields that hold keys."""
    backlinks: tuple[LinkView, ...]
    """The fields of entities that hold its key."""
    endpoints: tuple[EndpointView, ...]
    """The operations on it that are offered over HTTP."""
    support: tuple[SupportView, ...]
    rules: tuple[str, ...] = ()
    """What must hold beyond attributes, as sentences; only code that knows what they mean can keep them."""

    @property
    def receiver(self) -> str:
        """Return the receiver's name of its methods."""
        return gonames.receiver(self.name)

    @property
    def path(self) -> str:
        """Return its files' path without ending."""
        return self.package.file(self.file)

    @property
    def fixture_path(self) -> str:
        """Return its fixture's path without ending."""
        return f"{self.package.fixtures.path}/{self.file}"

    @property
    def doc(self) -> str:
        """Return the comment of its type."""
        text = described(self.name, self.description)
        if begins_with(self.name, text):
            return text
        first = f"{self.name} is {with_article(self.words)}, identified by its ID."
        return f"{first}\n\n{text}" if text else first

    @property
    def with_article(self) -> str:
        """Return its name with the indefinite article."""
        return with_article(self.name)

    @property
    def key_with_article(self) -> str:
        """Return the Go type of its key with the indefinite article."""
        return with_article(self.key)

    @property
    def constructor_doc(self) -> str:
        """Return the comment of its constructor: all that it promises."""
        made = ["a new random ID"] if self.random_key else []
        if self.stamps:
            names = listed([field.name for field in self.stamps])
            made.append(f"the current time in UTC as {names}")
        if self.param_fields:
            made.insert(0, "the values of params")
        text = f"{self.constructor} returns {self.with_article}{' with ' if made else ''}{listed(made)}."
        text += "" if self.random_key else " Its ID is zero until a store sets it."
        if any(field.has_default for field in self.param_fields):
            text += " Nil fields of params that have a default take it."
        if self.emptied_fields:
            names = listed([field.name for field in self.emptied_fields])
            text += f" Nil {names} become{'s' if len(self.emptied_fields) == 1 else ''} empty."
        if self.checked:
            text += " If a rule is broken, it returns nil and the error of Validate."
        return text

    @property
    def validate_doc(self) -> str:
        """Return the comment of its Validate method: all that it promises."""
        if not self.checked:
            return f"Validate returns nil, because no rule restricts {self.with_article}."
        text = f"Validate returns an *invalid.Error that lists every rule that {self.receiver} breaks, with the fields "
        text += "named as in JSON, or nil if there is none."
        return text + (" It does not look into the entities that a field refers to." if self.refers else "")

    @property
    def settled(self) -> bool:
        """Tell whether its constructor has nothing to do after the literal."""
        return not (self.checked or self.default_fields or self.emptied_fields)

    @property
    def initial_fields(self) -> tuple[FieldView, ...]:
        """Return the fields that the constructor's literal sets."""
        return tuple(field for field in self.fields if field.initial)

    @property
    def param_fields(self) -> tuple[FieldView, ...]:
        """Return the fields that its creator decides."""
        return tuple(field for field in self.fields if not field.server_made)

    @property
    def sampled_fields(self) -> tuple[FieldView, ...]:
        """Return the fields that its fixture sets."""
        return tuple(field for field in self.param_fields if field.sample != "nil")

    @property
    def default_fields(self) -> tuple[FieldView, ...]:
        """Return the fields that have a default."""
        return tuple(field for field in self.param_fields if field.has_default)

    @property
    def emptied_fields(self) -> tuple[FieldView, ...]:
        """Return the lists, maps and bytes that the constructor never leaves nil."""
        return tuple(field for field in self.param_fields if field.emptied)

    @property
    def optional_fields(self) -> tuple[FieldView, ...]:
        """Return the fields that may be absent."""
        return tuple(field for field in self.param_fields if field.optional)

    @property
    def changed_field(self) -> FieldView | None:
        """Return a field that tests can give another valid value, and that holds no key of a record."""
        keys = {link.json for link in self.links}
        free = (field for field in self.param_fields if len(field.variants) > 1 and field.json not in keys)
        return next(free, None)

    @property
    def required_fields(self) -> tuple[FieldView, ...]:
        """Return the fields without which there is no valid one."""
        return tuple(field for field in self.param_fields if field.checks.missing and not field.has_default)

    @property
    def absent_references(self) -> tuple[FieldView, ...]:
        """Return the references that its fixture leaves nil."""
        return tuple(field for field in self.param_fields if field.sample == "nil")

    @property
    def broken_fields(self) -> tuple[FieldView, ...]:
        """Return the fields whose rules tests can break."""
        return tuple(field for field in self.fields if field.violations)

    @property
    def edge_fields(self) -> tuple[FieldView, ...]:
        """Return the fields of which tests know outermost values."""
        return tuple(field for field in self.fields if field.edges)

    @property
    def bad_param(self) -> FieldView | None:
        """Return the first field whose rules its creator can break."""
        return next((field for field in self.param_fields if field.violations), None)

    @property
    def key_field(self) -> FieldView:
        """Return the field that identifies it."""
        return next(field for field in self.fields if field.json == "id")

    @property
    def unique_fields(self) -> tuple[FieldView, ...]:
        """Return the fields whose values no two records share, without the key."""
        return tuple(field for field in self.fields if field.unique and not field.server_made)

    @property
    def unique_words(self) -> str:
        """Return the names of these as a sentence lists them."""
        return listed([field.name for field in self.unique_fields])

    @property
    def distinct(self) -> int:
        """Return how many different records tests can make, at most three."""
        return min([3, *(len(field.variants) for field in self.unique_fields)])

    @property
    def owned_fields(self) -> tuple[FieldView, ...]:
        """Return the fields that a copy of the struct would share with it."""
        return tuple(field for field in self.fields if field.copies)

    @property
    def clone_doc(self) -> str:
        """Return the comment of its Clone method: all that it promises."""
        return f"Clone returns a deep copy of {self.receiver}, and nil for nil."

    @property
    def params_doc(self) -> str:
        """Return the comment of its AsParams method: all that it promises."""
        return f"AsParams returns params that make a record like {self.receiver}, and that share nothing with it."

    @property
    def operations(self) -> Mapping[str, EndpointView]:
        """Return its endpoints by what they do; the first of several that do the same."""
        return {item.operation: item for item in reversed(self.endpoints)}

    @property
    def stamps(self) -> tuple[FieldView, ...]:
        """Return the fields that hold when it was made and changed."""
        return tuple(field for field in self.fields if field.server_made and field.json != "id")

    @property
    def random_key(self) -> bool:
        """Tell whether its constructor makes the key; otherwise the store does."""
        return self.key_field.base in TEXTS

    @cached_property
    def enums(self) -> tuple[EnumView, ...]:
        """Return the types of its enums."""
        return tuple(field.enum for field in self.fields if field.enum is not None)

    @property
    def checked(self) -> bool:
        """Tell whether any rule can be broken."""
        return any(field.checks for field in self.fields)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Return the package-level variables of its checks."""
        return tuple(variable for field in self.fields for variable in field.checks.variables)

    @property
    def refers(self) -> bool:
        """Tell whether a field holds other entities."""
        return any(kind.base == "entity" for field in self.fields for kind in _parts(field.attribute.type))

    @property
    def imports(self) -> tuple[SupportView | PackageView, ...]:
        """Return the project's packages that its own file may mention."""
        others = {face.package.import_path: face.package for face in self.references}
        others.pop(self.package.import_path, None)
        return (*self.support, *others.values())

    @property
    def test_imports(self) -> tuple[SupportView | PackageView, ...]:
        """Return the project's packages that its tests and its fixture may mention."""
        return (*self.imports, self.package, self.package.fixtures)

    @property
    def link_imports(self) -> tuple[SupportView | PackageView, ...]:
        """Return the packages, and those of the fixtures, of what it refers to by key and what refers to it."""
        ends = [face.package for link in (*self.links, *self.backlinks) for face in (link.source, link.target)]
        return tuple(found for package in ends for found in (package, package.fixtures))

    @property
    def targets(self) -> tuple[FaceView, ...]:
        """Return the other entities that it refers to by key, each once."""
        return tuple({link.target.element: link.target for link in self.links if not link.reflexive}.values())

    def bases(self) -> frozenset[str]:
        """Return the canonical names of all types in its attributes."""
        return frozenset(kind.base for field in self.fields for kind in _parts(field.attribute.type))

    @property
    def uses_invalid(self) -> bool:
        """Tell whether its file mentions the package of that name."""
        return self.checked

    @property
    def uses_decimal(self) -> bool:
        """Tell whether its file mentions the package of that name."""
        return "decimal" in self.bases()

    @property
    def uses_civil(self) -> bool:
        """Tell whether its file mentions the package of that name."""
        return "date" in self.bases()

    @property
    def uses_uuid(self) -> bool:
        """Tell whether its file mentions the package of that name."""
        return self.random_key or "uuid" in self.bases()


def face_view(entity: Entity, package: PackageView) -> FaceView:
    """Return the face of an entity."""
    name = gonames.exported(entity.name)
    return FaceView(entity.name, name, go_type(Place(name), entity.key), package, entity.description)


def entity_view(
    entity: Entity,
    faces: Mapping[str, FaceView],
    links: Iterable[Link],
    endpoints: Iterable[EndpointView],
    support: tuple[SupportView, ...],
) -> EntityView:
    """Return what templates see of an entity, which knows of the others their faces."""
    names = {kind.entity for attribute in entity.attributes for kind in _parts(attribute.type)} - {"", entity.name}
    own = faces[entity.name]
    inner, outer = Place(own.name), Place(own.name, f"{own.package.name}.")
    seen = [LinkView(link, faces[link.source], faces[link.target]) for link in links]
    return EntityView(
        element=own.element,
        name=own.name,
        key=own.key,
        package=own.package,
        description=own.description,
        fields=tuple(_field(attribute, own, faces, (inner, outer)) for attribute in entity.attributes),
        neighbours=tuple(sorted(names)),
        references=tuple(faces[name] for name in sorted(names)),
        links=tuple(link for link in seen if link.source is own),
        backlinks=tuple(link for link in seen if link.target is own),
        endpoints=tuple(endpoints),
        support=support,
        rules=tuple(paragraph(rule) for rule in entity.rules),
    )


def _field(
    attribute: Attribute, own: FaceView, faces: Mapping[str, FaceView], places: tuple[Place, Place]
) -> FieldView:
    named = [kind.entity for kind in _parts(attribute.type) if kind.entity]
    inner, outer = places
    if named:
        inner = replace(inner, packages=tuple((name, _qualifier(faces[name], own)) for name in named))
        outer = replace(outer, packages=tuple((name, f"{faces[name].package.name}.") for name in named))
    return FieldView(
        attribute=attribute,
        inner=inner,
        outer=outer,
        receiver=gonames.receiver(own.name),
        reference_key=faces[named[0]].sample_key if named else "",
    )


def _qualifier(face: FaceView, own: FaceView) -> str:
    same = face.package.import_path == own.package.import_path
    return "" if same else f"{face.package.name}."


def _parts(kind: Type) -> Iterator[Type]:
    yield kind
    if kind.item is not None:
        yield from _parts(kind.item)
