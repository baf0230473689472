"""Specifications of any size, in which one field of one entity can be changed."""

ATTRIBUTES = """\
      name: {{type: string, max_length: {limit}}}
      email: {{type: email, unique: true}}
      amount: {{type: decimal, min: 0}}
      status: {{type: enum(open|paid|shipped), default: open}}
      note: text?
      position: {{type: int32, min: 0, default: 0}}
      tags: {{type: "[]string", max_length: 20}}
      due_on: date?
      created_at: timestamp
"""
LIMIT = 100


def specification(entities: int, limit: int = LIMIT, *, served: bool = True) -> str:
    """Return a specification of entities of ten attributes, with a relationship each; `served`: and three endpoints.

    `limit` is how long the name of the last entity may be: the field that benchmarks change.
    """
    numbers = range(entities)
    parts = ["name: bench\nmodule: example.com/bench\nentities:\n"]
    parts += [_entity(number, limit if number == entities - 1 else LIMIT) for number in numbers]
    parts += ["relationships:\n", *(_relationship(number) for number in numbers[1:])]
    parts += ["endpoints:\n", *(_endpoints(number) for number in numbers)] if served else []
    return "".join(parts)


def earlier(number: int) -> int:
    """Return which entity an entity refers to: half its number, so that the graph is neither a chain nor a star."""
    return number // 2


def _entity(number: int, limit: int) -> str:
    reference = f"      thing{earlier(number)}_id: uuid\n" if number else ""
    return f"  - name: Thing{number}\n    attributes:\n{reference}{ATTRIBUTES.format(limit=limit)}"


def _relationship(number: int) -> str:
    to = earlier(number)
    return f"  - {{from: Thing{number}, to: Thing{to}, type: many_to_one, via: thing{to}_id}}\n"


def _endpoints(number: int) -> str:
    path = f"/thing{number}s"
    return f'  - GET {path}\n  - POST {path}\n  - "GET {path}/{{id}}"\n'
