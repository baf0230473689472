"""What the contracts of one kind of file have in common, said once, with the element's name as a variable."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gocreator.plan.target import Plan, Target
from gocreator.prompt.shapes import Names, Unit, units
from gocreator.values import Part, RuleName

_LOOKED_AT = 24
"""So many contracts of a rule are looked at for what may be common; whether it is shows in all of them."""


Key = tuple[RuleName, Part]
"""A kind of contract, and how much of it."""


@dataclass(frozen=True)
class Common:
    """What most contracts of a rule have in common."""

    units: tuple[Unit, ...] = ()
    """With placeholders, names too."""

    def shared(self, names: Names, own: Iterable[Unit]) -> list[Unit]:
        """Return those of the common units that a contract has."""
        texts = {unit.text for unit in own}
        return [unit for unit in self.units if names.restored(unit.text) in texts]


class Commons:
    """What the contracts of one plan have in common."""

    def __init__(self, plan: Plan) -> None:
        self._module = plan.fcs.module
        self._packages = {f"entity:{entity.name}": entity.package for entity in plan.fcs.entities}
        self._names: dict[str, Names] = {}
        self._found: dict[tuple[RuleName, Part], Common] = {}
        self._units: dict[tuple[str, Part], list[Unit]] = {}
        self._own: dict[tuple[str, Part], str] = {}
        self._targets: dict[RuleName, list[Target]] = {}
        for target in plan.targets.values():
            if target.element in self._packages and target.contract(Part.FACE).strip():
                self._targets.setdefault(target.rule, []).append(target)

    def saving(self, shown: Iterable[tuple[Target, Part]]) -> frozenset[Key]:
        """Return the kinds of contracts of which less must be said in all if what they have in common is said once."""
        saved: Counter[Key] = Counter()
        for target, part in shown:
            key = target.rule, part
            if target.element in self._packages and self._common(*key).units:
                saved[key] += len(target.contract(part)) - len(self.own(target, part))
        return frozenset(key for key, characters in saved.items() if characters > len(self.common(*key)))

    def common(self, rule: RuleName, part: Part) -> str:
        """Return what contracts of a rule have in common, as Go with placeholders; empty if they have nothing."""
        return _spelled(self._common(rule, part).units)

    def own(self, target: Target, part: Part) -> str:
        """Return what a contract has beside what is common, or in its place, and what it lacks of that."""
        key = target.path, part
        if key not in self._own:
            self._own[key] = self._said(target, part)
        return self._own[key]

    def _said(self, target: Target, part: Part) -> str:
        names, own = self._named(target), self._cut(target, part)
        common = self._common(target.rule, part)
        shared = common.shared(names, own)
        known = {names.restored(unit.text) for unit in shared}
        rest = [unit for unit in own if unit.text not in known]
        replaced = {unit.name for unit in rest}
        missing = [names.restored(unit.name) for unit in common.units if unit not in shared]
        lacking = [name for name in missing if name and name not in replaced]
        said = f"As all{' without ' if lacking else ''}{', '.join(lacking)}"
        return f"{said}, and:\n\n```go\n{_spelled(rest)}\n```\n" if rest else f"{said}.\n"

    def _common(self, rule: RuleName, part: Part) -> Common:
        key = rule, part
        if key not in self._found:
            self._found[key] = Common(tuple(self._shared_by_most(self._targets.get(rule, []), part)))
        return self._found[key]

    def _shared_by_most(self, targets: Sequence[Target], part: Part) -> list[Unit]:
        """Return what at least half of the contracts have, in the order of a contract.

        Of units with one name it is the one that most contracts have.
        """
        has = [{unit.text for unit in self._cut(target, part)} for target in targets]
        names = [self._named(target) for target in targets]
        found: dict[str, tuple[int, int, Unit]] = {}
        for unit, place in self._candidates(targets, part):
            having = sum(name.restored(unit.text) in texts for name, texts in zip(names, has, strict=True))
            most = found[unit.name][0] if unit.name in found else max(1, (len(targets) - 1) // 2)
            if unit.name and having > most:
                found[unit.name] = having, place, unit
        return [unit for _, _, unit in sorted(found.values(), key=lambda it: it[1])]

    def _candidates(self, targets: Sequence[Target], part: Part) -> list[tuple[Unit, int]]:
        """Return the units of some contracts with placeholders and their places, those first that most of them have.

        Names of several words come first: of them it is clear in which form they stand.
        """
        long_first = sorted(targets, key=lambda it: " " not in self._named(it).forms["{entity words}"])
        counted: Counter[Unit] = Counter()
        places: dict[Unit, int] = {}
        for target in long_first[:_LOOKED_AT]:
            names = self._named(target)
            for place, unit in enumerate(self._cut(target, part)):
                abstract = Unit(names.abstracted(unit.name), names.abstracted(unit.text), names.abstracted(unit.within))
                if names.restored(abstract.text) == unit.text:
                    counted[abstract] += 1
                    places.setdefault(abstract, place)
        return [(unit, places[unit]) for unit, _ in counted.most_common()]

    def _cut(self, target: Target, part: Part) -> list[Unit]:
        key = target.path, part
        if key not in self._units:
            self._units[key] = units(target.contract(part), self._module)
        return self._units[key]

    def _named(self, target: Target) -> Names:
        if target.element not in self._names:
            name = target.element.partition(":")[2]
            self._names[target.element] = Names.of(name, self._packages[target.element])
        return self._names[target.element]


def _spelled(found: Sequence[Unit]) -> str:
    """Write units as Go; methods stand in their interface, which may be there only for them."""
    members: dict[str, list[str]] = {}
    for unit in found:
        if unit.within:
            members.setdefault(unit.within, []).append(unit.text)
    blocks = []
    for unit in found:
        inside = members.pop(unit.name, []) if not unit.within else []
        blocks += [] if unit.within else [_filled(unit.text, inside)]
    blocks += [_filled(f"type {name} interface {{\n}}", inside) for name, inside in members.items()]
    return "\n\n".join(blocks)


def _filled(text: str, members: Sequence[str]) -> str:
    body = "\n\n".join(members)
    return f"{text.removesuffix('}')}{body}\n}}" if members else text
