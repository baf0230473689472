"""Tests of models, stores and services catch implementations that break the contract."""

import re
from collections.abc import Callable, Mapping

import pytest

Change = tuple[str, Callable[[re.Match[str]], str]]
Judge = Callable[[tuple[str, ...], Mapping[str, Change], str], None]

pytestmark = [pytest.mark.go, pytest.mark.sample(2, "mutants")]

MODEL: dict[str, Change] = {
    "check dropped": (r"problems\.Add\(.*\)", lambda _: "_ = problems"),
    "field misnamed": (r'(problems\.Add\(")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "less flipped": (r" < (?=\S+ \{)", lambda _: " <= "),
    "less reversed": (r" < (?=\S+ \{)", lambda _: " > "),
    "greater flipped": (r" > (?=\S+ \{)", lambda _: " >= "),
    "greater reversed": (r" > (?=\S+ \{)", lambda _: " < "),
    "bound raised": (r"(?<= [<>] )(\d+)(?= \{)", lambda m: str(int(m[1]) + 1)),
    "bound lowered": (r"(?<= [<>] )(\d+)(?= \{)", lambda m: str(int(m[1]) - 1)),
    "before for after": (r"\.Before\(", lambda _: ".After("),
    "after for before": (r"\.After\(", lambda _: ".Before("),
    "negation dropped": (r"!(?=\w+[.\w]*\()", lambda _: ""),
    "bytes for runes": (r"utf8\.RuneCountInString", lambda _: "len"),
    "or becomes and": (r" \|\| ", lambda _: " && "),
    "guard reversed": (r" != nil(?= (&&|\{))", lambda _: " == nil"),
    "tag misnamed": (r'(json:")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "tag without omitempty": (r",omitempty", lambda _: ""),
    "value not taken": (r"\n\t\t(?!ID)\w+: .*,(?=\n)", lambda _: ""),
    "default replaced": (r"(?<=\t\tBalance:   |\t\tLimit:     )[^p].*(?=,)", lambda m: f"{m[0]}.Add({m[0]})"),
    "state replaced": (r"AccountStateOpen,\n", lambda _: "AccountStateClosed,\n"),
    "params ignored": (r"\*params\.\w+", lambda m: f"a.{m[0].partition('.')[2]}"),
    "rules not asked": (r"err := a\.Validate\(\); err != nil", lambda _: "err := error(nil); err != nil"),
    "value beside error": (r"return nil, err", lambda _: "return a, err"),
    "fixed key": (r"uuid\.New\(\)", lambda _: '"7d444840-9dc0-41d1-b245-5ffdce74fad2"'),
    "no key": (r"uuid\.New\(\)", lambda _: '""'),
    "local time": (r"\.UTC\(\)", lambda _: '.In(time.FixedZone("", 3600))'),
    "old time": (r"time\.Now\(\)", lambda _: "time.Now().Add(-time.Hour)"),
    "valid whatever": (r"return false", lambda _: "return true"),
    "value invalid": (r"case AccountStateOpen, ", lambda _: "case "),
    "constant changed": (r'= "open"', lambda _: '= "opened"'),
    "pattern changed": (r"\[A-Z\]\{2\}", lambda _: ".*"),
    "bound moved": (r"(99|19)(?=\.50|00, )", lambda m: str(int(m[1]) + 1)),
    "nil not asked": (r"if a == nil", lambda _: "if false && a == nil"),
    "shared": (r"\n\tclone\.\w+ = .*", lambda _: ""),
    "shared pointer": (r"clone\.(\w+) = &value", lambda _: "_ = value"),
    "no copy": (r"return &clone", lambda _: "return a"),
}

STORE: dict[str, Change] = {
    "context not asked": (r"ctx\.Err\(\)", lambda _: "error(nil)"),
    "lock lost": (r"m\.mu\.R?Lock\(\)\n\tdefer m\.mu\.R?Unlock\(\)", lambda _: ""),
    "lock too weak": (r"m\.mu\.Lock\(\)\n\tdefer m\.mu\.Unlock\(\)", lambda _: "m.mu.RLock()\n\tdefer m.mu.RUnlock()"),
    "shared": (r"\.Clone\(\)", lambda _: ""),
    "key free": (r"_, ok := m\.rows\[row\.ID\]; ok", lambda m: f"{m[0]} && false"),
    "found whatever": (r"; !ok \{", lambda _: "; !ok && false {"),
    "other error": (r"fault\.NotFound\(", lambda _: 'fmt.Errorf("%s %v", '),
    "other conflict": (r'return fault\.Conflict\((".*"), &taken\)', lambda _: "return &taken"),
    "field misnamed": (r'(taken\.Add\(")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "not unique": (r"m\.taken\(row, .*?\); err != nil", lambda m: f"{m[0]} && false"),
    "unique among others": (r"if id == own", lambda _: "if id == own && false"),
    "own value taken": (r"if id == own", lambda _: "if id != own"),
    "other value": (r"other\.(\w+) == row\.", lambda m: f"other.{m[1]} != row."),
    "nil is a value": (r"other\.(\w+) != nil && row\.\w+ != nil && .*(?= \{)", lambda m: f"other.{m[1]} == row.{m[1]}"),
    "not kept": (r"\n\tm\.rows\[row\.ID\] = .*", lambda _: ""),
    "not listed": (r"\n\tm\.order = append.*", lambda _: ""),
    "not deleted": (r"\n\tdelete\(m\.rows, id\)", lambda _: ""),
    "still listed": (r"\n\tm\.order = slices\.Delete.*", lambda _: "\n\t_ = i"),
    "two deleted": (r"m\.order, i, i\+1", lambda _: "m.order, i, min(i+2, len(m.order))"),
    "negative offset": (r"max\(offset, 0\)", lambda _: "offset"),
    "negative limit": (r"max\(limit, 0\)", lambda _: "limit"),
    "no offset": (r"m\.order\[first :", lambda _: "m.order[0:"),
    "limit ignored": (r"min\(max\(limit, 0\), total-first\)", lambda _: "total-first"),
    "total of the page": (r"return listed, total", lambda _: "return listed, len(listed)"),
    "same key": (r"m\.last\+\+", lambda _: "m.last = 1"),
    "key kept": (r"\n\trow\.ID = m\.last", lambda _: ""),
    "referred to by itself": (r" && row\.ID != id", lambda _: ""),
    "other reference": (r"(row\.\w+) == id", lambda m: f"{m[1]} != id"),
    "no reference": (r"return true, nil", lambda _: "return false, nil"),
    "reference whatever": (r"return false, nil", lambda _: "return true, nil"),
}

SERVICE: dict[str, Change] = {
    "error dropped": (r"; err != nil \{\n\t\treturn (?!nil, 0)", lambda m: m[0].replace("!= nil", "!= nil && false")),
    "made invalid": (
        r"if err != nil \{\n\t\treturn nil, fmt.Errorf\(\"(create|update)",
        lambda m: f"if err != nil && false {m[0][14:]}",
    ),
    "not wrapped": (r": %w\", err", lambda _: ': %v", err'),
    "conflict not wrapped": (r": %w: (?=\w+ refer)", lambda _: ": %v: "),
    "not kept": (r"s\.stores\.\w+\.(Create|Update)\(ctx, made\)", lambda _: "error(nil)"),
    "not removed": (r"s\.stores\.\w+\.Delete\(ctx, id\)", lambda _: "error(nil)"),
    "nothing there": (r"\} else if referred \{", lambda _: "} else if false && referred {"),
    "always referred": (r"\} else if referred \{", lambda _: "} else if true || referred {"),
    "other key": (r"\n\tmade\.ID = kept\.ID", lambda _: "\n\t_ = kept"),
    "other time": (r"\n\tmade\.CreatedAt = kept\.CreatedAt", lambda _: ""),
    "no offset": (r"List\(ctx, offset, limit\)", lambda _: "List(ctx, 0, limit)"),
    "no limit": (r"List\(ctx, offset, limit\)", lambda _: "List(ctx, offset, 100)"),
    "no total": (r"return listed, total", lambda _: "return listed, 0"),
    "field misnamed": (r'(problems\.Add\(")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "reference not asked": (r"problems\.Add\(.*\)", lambda _: "_ = problems"),
    "references not told": (r"return problems\.Err\(\)", lambda _: "return nil"),
    "nil refers": (r"made\.\w+ != nil", lambda m: f"({m[0]} || true)"),
    "nothing refers": (r"made\.\w+ != nil", lambda m: f"{m[0]} && false"),
    "other stores": (r"\{stores: stores\}", lambda _: "{stores: repository.MemoryStores()}"),
}


def test_models(judge: Judge) -> None:
    judge(
        ("internal/models/account.go",),
        MODEL,
        "var _, _, _, _, _ = uuid.New, utf8.RuneLen, time.Now, regexp.MustCompile, slices.Index[[]int]",
    )


def test_stores(judge: Judge) -> None:
    judge(
        ("internal/repository/account.go", "internal/repository/team.go"),
        STORE,
        "var _, _, _ = fault.NotFound, slices.Index[[]int], (*invalid.Error).Add",
    )


def test_services(judge: Judge) -> None:
    judge(
        ("internal/service/account.go", "internal/service/team.go"),
        SERVICE,
        "var _, _, _ = fault.NotFound, errors.New, (*invalid.Error).Add",
    )
