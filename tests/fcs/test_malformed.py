"""Every mistake is told with its place, what is wrong, and what to do about it."""

import pytest

from gocreator.errors import FcsError
from gocreator.fcs.load import parse_fcs
from gocreator.source import parse_yaml

USER = "entities:\n- name: User\n  attributes:\n    "
TWO = "entities: {User: {}, Post: {attributes: {n: int}}}\nrelationships:\n- "
END = "entities: {User: {}}\nendpoints:\n- "

MALFORMED = [
    ("entities: [{name: A, package: string}]", "1:31", "`string` means something else in Go", "such as models"),
    ("entities: [{name: A, package: got}]", "1:31", "have variables named `got`", "such as models"),
    ("entities: [{name: A, package: url}]", "1:31", "imports another package named `url`", "such as models"),
    (
        "entities: [{name: A, package: internal/a/models}, {name: B, package: internal/b/models}]",
        "1:70",
        "clashes with that of the package `models`",
        "such as models",
    ),
    ("entities: [{name: A, package: d}, {name: B, package: dtest}]", "1:54", "clashes", "such as models"),
    ("entities: [{attribute: [x]}]", "1:12", "an entity has no name", "write `name: ...`"),
    ("nme: x", "1:1", "unknown key `nme`", "did you mean `name`?"),
    ("- a", "1:1", "must be a mapping of keys to values, not a list", "write keys such as name"),
    ("name: [a]", "1:7", "expected text, not a list", "write it in one line"),
    ("entities: 5", "1:11", "expected a list or a mapping, not `5`", "`- item`"),
    ("entities: [5]", "1:12", "expected a mapping, not `5`", "key: value"),
    ("entities:\n- description: x", "2:3", "an entity has no name", "write `name: ...`"),
    ("entities:\n- name: User\n  atributes: {}", "3:3", "unknown key `atributes`", "did you mean `attributes`?"),
    ("entities: {User: {email: string}}", "1:19", "unknown key `email`", "stand under `attributes`"),
    (USER + "email: strng", "4:12", "`strng` is no type", "did you mean `string`?"),
    (USER + "owner: Usr", "4:12", "`Usr` is neither a type nor an entity", "did you mean `User`?"),
    (USER + "tags: '[]'", "4:11", "does not say what it holds", "[]string"),
    (USER + "m: 'map['", "4:8", "`map[` is no type", "types are uuid, string"),
    (USER + "e: enum()", "4:8", "the enum has no values", "enum(first|second)"),
    (USER + "e: enum(a|a)", "4:8", "the enum holds `a` twice", "remove one"),
    (USER + "e: enum(a-b|a_b)", "4:8", "would give the same Go constant `AB`", "rename one"),
    (USER + "e: enum(a|b", "4:8", "has no closing bracket", "enum(first|second)"),
    (USER + "e: enum(a||b)", "4:8", "a value of the enum is empty", "enum(first|second)"),
    (USER + "e: 42", "4:8", "`42` is no type", "types are"),
    (USER + "e:", "4:7", "a type is missing", "string, int"),
    (USER + "e: map[int]string", "4:8", "the keys of a map are text, not `int`", "map[string]string"),
    (USER + "e: {type: enum(a, b)}", "4:23", "unknown key `b)`", "needs quotes"),
    (USER + "e: {type: string?, required: true}", "4:34", "is required, and its type says", "remove the `?`"),
    (USER + "a: {type: int, min: 5, max: 3}", "4:25", "`min` 5 is greater than `max` 3", "exchange"),
    (USER + "a: {type: string, min_length: 5, max_length: 3}", "4:35", "greater than the greatest length", "exchange"),
    (USER + "a: {type: string, min: 5}", "4:28", "`min` does not fit the type string", "use `min_length`"),
    (USER + "a: {type: int, length: 5}", "4:28", "values of type int have no length", "use `min` and `max`"),
    (USER + "a: {type: string, length: -1}", "4:31", "`-1` is no length", "3..50"),
    (USER + "a: {type: string, minLength: -1}", "4:34", "a length cannot be -1", "0 or more"),
    (USER + "a: {type: string, pattern: '(?=x)'}", "4:32", "has no lookaround", "RE2"),
    (USER + "a: {type: string, pattern: '['}", "4:32", "unterminated character set", "RE2"),
    (USER + r"a: {type: string, pattern: '(a)\1'}", "4:32", "has no backreference", "RE2"),
    (USER + "a: {type: string, pattern: 'a++'}", "4:32", "has no possessive quantifier", "RE2"),
    (USER + "a: {type: int, default: x}", "4:29", "`x` is not a whole number", "write digits"),
    (USER + "a: {type: int, default: 9, max: 5}", "4:29", "the default `9` is greater than `max` 5", "change one"),
    (USER + "a: {type: enum(a|b), default: c}", "4:35", "`c` is not one of a, b", "give one of them"),
    (USER + "a: {type: email, example: nope}", "4:31", "`nope` is not an e-mail address", "ann@example.com"),
    (USER + "a: {type: timestamp, example: today}", "4:35", "is not a moment", "2026-01-31T12:00:00Z"),
    (USER + "a: {type: string, required: yes}", "4:33", "expected true or false, not `yes`", "without quotes"),
    (USER + "a: {type: bool, pattern: x}", "4:30", "`pattern` does not fit the type bool", "for text"),
    (USER + "a: {type: int, enum: [a]}", "4:26", "do not fit the type int", "text values"),
    (USER + "a: {type: '[]string', unique: true}", "4:35", "cannot be compared", "make a text or a number unique"),
    (USER + "user_id: uuid\n    userID: uuid", "4:5", "the same field `UserID`", "rename one"),
    (USER + "validate: bool", "4:5", "would hide a method", "rename the attribute"),
    (USER + "9a: bool", "4:5", "cannot be the name of the attribute in Go", "rename it to `a`"),
    (USER + "id: bool", "4:9", "the key `id` cannot be bool", "uuid, string"),
    (USER + "created_at: string", "4:17", "is set by the server", "make it a timestamp"),
    ("entities:\n- name: User\n- name: User", "3:9", "the entity `User` is given twice (first in line 2)", "rename"),
    ("entities: {A: {fields: [{name: x, type: int}, {name: x, type: int}]}}", "1:54", "`x` is given twice", "rename"),
    ("entities: {func: {}}", "1:12", "`func` is no identifier of Go", "rename the entity to `Func`"),
    ("entities: {user_id: {}, UserID: {}}", "1:12", "would have the same file", "rename"),
    ("entities: {Users: {}, users: {}}", "1:23", "would have the same file", "rename"),
    ("entities: {User: {}, UserParams: {}}", "1:22", "as the parameters of `User` is", "rename"),
    ("entities: {U: {}, NewU: {}}", "1:12", "as the type of `NewU` is", "rename"),
    ("entities: {U: {attributes: {status: enum(a)}}, UStatus: {}}", "1:48", "as the enum `status` of `U` is", "rename"),
    (TWO + "{from: User, to: Usr, type: n:1}", "3:20", "there is no entity `Usr`", "did you mean `User`?"),
    (TWO + "{from: User, type: n:1}", "3:3", "the relationship has no `to`", "write the name of an entity"),
    (
        TWO + "{from: Post, to: User, type: n:1, via: usr}",
        "3:42",
        "`Post` has no attribute `usr`",
        "attributes of Post",
    ),
    (TWO + "{from: Post, to: User, type: many_to_on}", "3:32", "no type of a relationship", "`many_to_one`"),
    (
        TWO + "{from: Post, to: User, type: n:1, via: n}",
        "3:42",
        "is int, but the key of `User` is uuid",
        "make it uuid",
    ),
    (END + "GET users", "3:3", "does not start with `/`", "/users/{id}"),
    (END + "GET /users/{id", "3:3", "is no parameter", "whole segments"),
    (END + "GET /a b", "3:3", "holds white space", "one path"),
    (END + "FETCH /users", "3:3", "`FETCH` is no method", "did you mean `PATCH`?"),
    (END + "/users", "3:3", "the endpoint has no method", "methods are GET"),
    (END + "GET /u/{id}/{id}", "3:3", "has the parameter `id` twice", "rename"),
    (END + "GET /x?y=1", "3:3", "holds a query", "under `request`"),
    (END + "GET /users/{id}\n- GET /users/:name", "4:3", "is given twice (first in line 3)", "make no difference"),
    (END + "GET /users/{id}\n- GET /{kind}/me", "4:3", "neither is more specific", "change one"),
    (END + "{method: POST, endpoint: GET /users}", "3:12", "`endpoint` says GET, and `method` says POST", "keep one"),
    (END + "{endpoint: GET /u, errors: {'200': x}}", "3:31", "`200` is no error status", "400 to 599"),
    ("packages:\n- {name: a, path: ../x}", "2:19", "leads out of the project", "internal/store"),
    ("packages:\n- {name: a, path: /x}", "2:19", "it is absolute", "internal/store"),
    ("packages:\n- {name: a, path: internal/my pkg}", "2:19", "no segment of a Go import path", "internal/store"),
    ("packages:\n- {name: a, path: 'a\\b'}", "2:19", "a backslash or a NUL", "internal/store"),
    ("packages:\n- {name: a, path: x}\n- {name: b, path: ./x/}", "3:19", "have one path", "own directory"),
    ("packages: {a: {dependencies: [b]}, b: {dependencies: [a]}}", "1:54", "a -> b -> a", "of its own"),
    ("packages:\n- {name: a, dependencies: [c]}", "2:28", "there is no package `c`", "packages are a"),
    ("packages:\n- a\n- a", "3:3", "the package `a` is given twice", "rename"),
    ("packages: [type]", "1:12", "a keyword of Go", "another path"),
    ("entities: {User: {package: func}}", "1:28", "`func` is a keyword of Go", "name another package"),
    ("entities: {User: {package: main}}", "1:28", "a program cannot be imported", "name another package"),
    ("entities: {User: {package: x_test}}", "1:28", "belong to tests", "name another package"),
    ("entities: {User: {package: errors}}", "1:28", "imports another package named `errors`", "such as models"),
    ("entities: {User: {package: ../x}}", "1:28", "it leads out of the project", "such as models"),
    (
        "entities:\n  A: {package: a, attributes: {b: B}}\n  B: {package: b, attributes: {a: '[]A'}}",
        "3:32",
        "a -> b -> a",
        "a package of its own",
    ),
    ("requirements:\n- {id: R, description: a}\n- {id: R, description: b}", "3:8", "`R` is given twice", "of its own"),
    ("requirements:\n- {id: FR-1}", "2:3", "the requirement FR-1 says nothing", "write a sentence"),
    ("testing: {coverage_target: 101}", "1:28", "`coverage_target` cannot be 101", "0 to 100"),
    ("build: {go_version: latest}", "1:21", "`latest` is no version of Go", "1.24"),
    ("build: {output_path: ../bin}", "1:22", "leads out of the project", "bin/app"),
    ("build: {build_flags: ['-toolexec=x']}", "1:23", "`-toolexec` is not allowed", "remove it"),
    ("module: a b", "1:9", "cannot be a Go module path", "example.com/shop"),
    ("name: '日本'", "1:7", "gives no name of a program", "a to z"),
    ("entities: {U: {}}\ndata_model: {entities: [{name: U}]}", "2:32", "is given twice (first in line 1)", "rename"),
]


@pytest.mark.parametrize(("text", "place", "message", "hint"), MALFORMED)
def test_a_mistake_is_told_with_place_message_and_hint(text: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(FcsError) as caught:
        parse_fcs(parse_yaml(text, "fcs.yaml", error=FcsError))
    found = [problem for problem in caught.value.problems if message in problem.message]
    assert found, str(caught.value)
    assert str(found[0].location) == f"fcs.yaml:{place}"
    assert hint in found[0].hint


def test_all_mistakes_are_told_at_once_in_the_order_of_their_places() -> None:
    text = (
        "nme: x\nentities:\n- name: User\n  attributes: {a: strng, b: {type: int, min: x}}\n- description: y\n"
        "relationships: [{from: User, to: Usr, type: n:1}]\ntesting: {coverage_target: 101}\n"
    )
    with pytest.raises(FcsError) as caught:
        parse_fcs(parse_yaml(text, "f", error=FcsError))
    assert [problem.location.line for problem in caught.value.problems] == [1, 4, 4, 5, 6, 7]


def test_what_stands_in_an_unreadable_part_is_not_called_missing() -> None:
    text = "entities: [5, {name: User}]\nrelationships: [{from: User, to: User, type: n:1}]\n"
    with pytest.raises(FcsError) as caught:
        parse_fcs(parse_yaml(text, "f", error=FcsError))
    assert len(caught.value.problems) == 1
