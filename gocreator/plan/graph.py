"""The order of phases, and the plan as a graph to look at."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from gocreator.errors import Location, Problem, RuleError
from gocreator.plan.rule import Rule
from gocreator.plan.target import Plan
from gocreator.values import RuleName

Format = Literal["mermaid", "dot", "json"]
Edge = tuple[str, str, str]
"""From, to, and what the edge means: `slice` or `uses`."""


def phase_order(rules: Mapping[RuleName, Rule]) -> dict[str, int]:
    """Return a number for each phase, so that a phase comes after those whose rules its own rules use."""
    sorter: TopologicalSorter[RuleName] = TopologicalSorter()
    for rule in rules.values():
        sorter.add(rule.name, *({use.rule for use in rule.spec.uses} - {rule.name}))
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        place = Location(rules[error.args[1][0]].place)
        raise RuleError([Problem(place, f"rules use each other in a circle: {circle}", "cut one `uses`")]) from error
    depth: dict[RuleName, int] = {}
    for name in order:
        used = (depth[use.rule] + 1 for use in rules[name].spec.uses if use.rule != name)
        depth[name] = max(used, default=0)
    first: dict[str, int] = {}
    for name, rule in rules.items():
        first[rule.spec.phase] = max(first.get(rule.spec.phase, 0), depth[name])
    ranked = sorted(first, key=lambda phase: (first[phase], phase))
    return {phase: number for number, phase in enumerate(ranked)}


def edges(plan: Plan) -> list[Edge]:
    """Return what every target depends on: elements of its slice, contracts that it uses."""
    found: set[Edge] = set()
    for target in plan.targets.values():
        found |= {(item.element, target.path, "slice") for item in target.slice}
        found |= {(used.path, target.path, "uses") for used in target.uses}
    return sorted(found)


def draw(plan: Plan, form: Format) -> str:
    """Write the graph of a plan for mermaid or Graphviz."""
    drawn = edges(plan)
    nodes = {name: f"n{number}" for number, name in enumerate(sorted({end for edge in drawn for end in edge[:2]}))}
    if form == "dot":
        lines = [*_dot(plan, nodes), *(f"  {nodes[a]} -> {nodes[b]}{_dot_style(kind)};" for a, b, kind in drawn)]
        return "\n".join(["digraph gocreator {", "  rankdir=LR;", *lines, "}"])
    lines = [f'  {name}["{_mermaid(label)}"]' for label, name in nodes.items()]
    lines += [f"  {nodes[a]} {'-.->' if kind == 'uses' else '-->'} {nodes[b]}" for a, b, kind in drawn]
    return "\n".join(["flowchart LR", *lines])


def _dot(plan: Plan, nodes: Mapping[str, str]) -> Iterable[str]:
    for label, name in nodes.items():
        shape = "box" if label in plan.targets else "ellipse"
        text = label.replace("\\", "\\\\").replace('"', '\\"')
        yield f'  {name} [label="{text}" shape={shape}];'


def _dot_style(kind: str) -> str:
    return " [style=dashed]" if kind == "uses" else ""


def _mermaid(label: str) -> str:
    return label.replace('"', "#quot;")
