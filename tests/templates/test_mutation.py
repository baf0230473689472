"""The contract tests catch broken implementations: mutants of what the templates write must fail them.

All mutants are packages of one module, so that one `go test` compiles and judges them.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gocreator.fcs.model import Attribute, Endpoint, Entity, Fcs, Package, Relationship, Type

pytestmark = pytest.mark.go

Go = Callable[..., subprocess.CompletedProcess[str]]
Render = Callable[[Fcs], dict[str, bytes]]

WANTED = 0.9
PER_OPERATOR = int(os.environ.get("MUTANTS_PER_OPERATOR", "2"))


def _attribute(name: str, base: str, **rules: object) -> Attribute:
    shape = {key: rules.pop(key) for key in ("values", "optional", "item", "entity") if key in rules}
    return Attribute(name=name, type=Type(base=base, **shape), **rules)


SPECIFICATION = Fcs(
    name="mutants",
    module="mutants",
    packages=(Package(name="models", path="internal/models"),),
    entities=(
        Entity(
            name="Account",
            package="models",
            attributes=(
                _attribute("id", "uuid"),
                _attribute("email", "email", required=True, unique=True, max_length=60),
                _attribute("nick", "string", min_length=2, max_length=9, optional=True, unique=True),
                _attribute("sku", "string", pattern=r"^[A-Z]{2}-\d{4}$", required=True),
                _attribute("age", "int", min=18, max=120),
                _attribute("balance", "decimal", min="0", max="99.50", default="1.50"),
                _attribute("state", "enum", values=("open", "closed"), default="open"),
                _attribute("born", "date", min="1900-01-01", required=True),
                _attribute("seen", "timestamp", max="2100-01-01T00:00:00Z", optional=True),
                _attribute("limit", "duration", min="1s", default="1m30s"),
                _attribute("ratio", "float", max=1.5),
                _attribute("site", "url", optional=True),
                _attribute("tags", "list", item=Type(base="uuid"), required=True, max_length=3),
                _attribute("parent", "entity", entity="Account", optional=True),
                _attribute("team_id", "int", required=True),
                _attribute("boss_id", "uuid", optional=True),
                _attribute("created_at", "timestamp"),
                _attribute("updated_at", "timestamp"),
            ),
        ),
        Entity(
            name="Team",
            package="models",
            attributes=(
                _attribute("id", "int"),
                _attribute("name", "string", required=True, unique=True),
                _attribute("owner_id", "uuid", required=True),
                _attribute("created_at", "timestamp"),
            ),
        ),
    ),
    relationships=(
        Relationship(source="Account", target="Account", type="many_to_one", via="boss_id"),
        Relationship(source="Account", target="Team", type="many_to_one", via="team_id"),
        Relationship(source="Team", target="Account", type="many_to_one", via="owner_id"),
    ),
    endpoints=tuple(
        Endpoint(method=method, path=path, entity=entity)
        for entity, plural in (("Account", "accounts"), ("Team", "teams"))
        for path, methods in ((f"/{plural}", ("GET", "POST")), (f"/{plural}/{{id}}", ("DELETE", "GET", "PATCH", "PUT")))
        for method in methods
    ),
)

Change = tuple[str, Callable[[re.Match[str]], str]]

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

HANDLER: dict[str, Change] = {
    "error dropped": (r"; err != nil \{", lambda _: "; err != nil && false {"),
    "error of a call dropped": (r"\n\tif err != nil \{", lambda _: "\n\tif err != nil && false {"),
    "goes on after an error": (r"web\.WriteError\(w, err\)\n\t\treturn", lambda _: "web.WriteError(w, err)"),
    "created is OK": (r"http\.StatusCreated", lambda _: "http.StatusOK"),
    "OK is created": (r"http\.StatusOK", lambda _: "http.StatusCreated"),
    "no content is OK": (r"http\.StatusNoContent", lambda _: "http.StatusOK"),
    "other location": (r'(Set\("Location", "/\w+)/', lambda m: m[1]),
    "no location": (r'w\.Header\(\)\.Set\("Location", (.*)\)', lambda m: f"_ = {m[1]}"),
    "no total": (r'w\.Header\(\)\.Set\("X-Total-Count", .*\)', lambda _: "_ = total"),
    "total of the page": (r"strconv\.Itoa\(total\)", lambda _: "strconv.Itoa(len(listed)+0*total)"),
    "no offset": (r"r\.Context\(\), offset, limit", lambda _: "r.Context(), 0*offset, limit"),
    "no limit": (r"r\.Context\(\), offset, limit", lambda _: "r.Context(), offset, limit*0+100"),
    "page not read": (r"web\.Page\(r\)", lambda _: "0, 100, error(nil)"),
    "body not read": (r"web\.Decode\(w, r, &request\)", lambda _: "error(nil)"),
    "change not read": (r"web\.Unmarshal\(body, &request\)", lambda _: "error(nil)"),
    "change lost": (r"\*params = models\.\w+\(request\)", lambda _: "_ = request"),
    "not served": (r"\n\tmux\.HandleFunc\(.*\)", lambda _: ""),
    "field misnamed": (r'(json:")(\w+)', lambda m: f"{m[1]}{m[2]}_"),
    "context lost": (r"r\.Context\(\)", lambda _: "new(http.Request).Context()"),
    "other key": (r"r\.PathValue\(\"id\"\)", lambda _: 'r.PathValue("key")'),
    "nothing answered": (r"web\.WriteJSON\(w, (http\.\w+), \w+\)", lambda m: f"w.WriteHeader({m[1]})"),
    "nothing done": (r"h\.service\.Delete\(.*?\)(?=;)", lambda _: "error(nil)"),
}

ROUTER: dict[str, Change] = {
    "not registered": (r"\n\tNew\w+Handler\(.*\)", lambda _: "\n\t_ = stores"),
    "status changed": (r"http\.StatusNoContent", lambda _: "http.StatusOK"),
    "ready whatever": (r"!ready\(\)", lambda _: "!ready() && false"),
    "never ready": (r"!ready\(\)", lambda _: "!ready() || true"),
    "goes on after an error": (r"\n\t\t\treturn", lambda _: ""),
    "other status": (r"StatusServiceUnavailable", lambda _: "StatusInternalServerError"),
    "health not served": (r'"GET /healthz"', lambda _: '"GET /health"'),
    "readiness not served": (r'"GET /readyz"', lambda _: '"GET /ready"'),
    "document not served": (r'"GET /openapi.json"', lambda _: '"GET /openapi"'),
    "bare router": (r"return web\.Route\(mux\)", lambda _: "return mux"),
}

WEB: dict[str, Change] = {
    "other status": (
        r"http\.Status(NotFound|Conflict|UnprocessableEntity|ServiceUnavailable|InternalServerError)",
        lambda _: "http.StatusTeapot",
    ),
    "no detail": (r", problem\.Detail = (\S+), err\.Error\(\)", lambda m: f" = {m[1]}"),
    "own status lost": (r"own\.Status", lambda _: "500"),
    "own detail lost": (r"own\.Detail(?=,)", lambda _: '""'),
    "own fields lost": (r"own\.Fields", lambda _: "nil"),
    "fields lost": (r"problem\.Errors = fields\.Fields", lambda _: "_ = fields"),
    "no title": (r"problem\.Title = .*", lambda _: ""),
    "no problem": (r'"application/problem\+json"', lambda _: '"application/json"'),
    "not JSON": (r'write\(w, "application/json"', lambda _: 'write(w, "text/plain"'),
    "no type": (r'w\.Header\(\)\.Set\("Content-Type", kind\)', lambda _: "_ = kind"),
    "no status": (r"w\.WriteHeader\(status\)", lambda _: "_ = status"),
    "no body": (r"json\.NewEncoder\(w\)\.Encode\(value\)", lambda _: "value"),
    "secret told": (r"problem := Problem\{", lambda _: "problem := Problem{Detail: err.Error(), "),
    "canceled unknown": (r"errors\.Is\(err, context\.Canceled\), ", lambda _: ""),
    "late unknown": (r", errors\.Is\(err, context\.DeadlineExceeded\)", lambda _: ""),
    "detail not the error": (r"return e\.Detail", lambda _: 'return ""'),
}

REQUEST: dict[str, Change] = {
    "any type": (r'\|\| kind != "application/json"', lambda _: '|| kind == ""'),
    "type not parsed": (r"err != nil \|\| kind !=", lambda _: "kind !="),
    "without bounds": (r"http\.MaxBytesReader\(w, r\.Body, MaxBody\)", lambda _: "r.Body"),
    "bound moved": (r"1 << 20", lambda _: "1 << 19"),
    "other status": (r"http\.Status(UnsupportedMediaType|RequestEntityTooLarge)", lambda _: "http.StatusTeapot"),
    "bad request": (r"http\.StatusBadRequest", lambda _: "http.StatusTeapot"),
    "error dropped": (r"err(?: := \S.*; err)? != nil \{", lambda m: f"{m[0][:-2]} && false {{"),
    "more behind": (r"!errors\.Is\(err, io\.EOF\)", lambda m: f"false && {m[0]}"),
    "null is an object": (r"object == nil", lambda _: "false"),
    "misfits not told": (
        r"err := problems\.Err\(\); err != nil",
        lambda _: "err := problems.Err(); err != nil && false",
    ),
    "fields not told": (r", Fields: problems\.Fields", lambda _: ""),
    "merged": (r"\n\t\tvalue\.FieldByIndex\(field\.Index\)\.SetZero\(\)", lambda _: "\n\t\t_ = field"),
    "numbers rounded": (r"\n\tdecoder\.UseNumber\(\)", lambda _: ""),
    "unknown fields": (r'problems\.Add\(path\+name, "is unknown"\)', lambda _: ""),
    "null taken": (r'problems\.Add\(path(\+name)?, "must not be null"\)', lambda _: ""),
    "path lost": (r'problems, path\+"\.", found', lambda _: 'problems, "", found'),
    "not looked into": (r"object\[name\] = fit\(.*\)", lambda _: ""),
    "items not looked into": (r"found\[\w+\] = fitItem\(.*\)", lambda _: ""),
    "fractions": (r"return whole\(found\)", lambda _: "return found"),
    "rounded": (r"!parsed\.IsInt\(\)", lambda _: "false"),
    "inexact": (r"accuracy != big\.Exact", lambda _: "false"),
    "pointers not followed": (r"for into\.Kind\(\) == reflect\.Pointer", lambda _: "for false"),
    "unmarshalers looked into": (r"reflect\.PointerTo\(into\)\.Implements\(\w+\)", lambda _: "false"),
    "any case": (r"own == name", lambda _: "strings.EqualFold(own, name)"),
    "field unnamed": (r"problems\.Add\(wrong\.Field", lambda _: 'problems.Add(""'),
    "page bound": (r"(?<=Limit, )1(?=, MaxLimit)|(?<=\"offset\", )0", lambda _: "2"),
    "usual changed": (r"DefaultLimit, 1", lambda _: "DefaultLimit+1, 1"),
    "given twice": (r"len\(texts\) > 1", lambda _: "false"),
    "too small": (r"number < least", lambda _: "false"),
    "too large": (r"number > most", lambda _: "false"),
    "just too large": (r"number > most", lambda _: "number >= most"),
    "no number": (r"err != nil \|\| len\(texts\)", lambda _: "len(texts)"),
    "key cut": (r"int64\(K\(number\)\) != number", lambda _: "false"),
    "key whatever": (r"err != nil \|\| int64", lambda _: "int64"),
    "constant changed": (r"(= )(100|1000|math\.MaxInt32)\n", lambda m: f"= {m[2]} - 1\n"),
}

MIDDLEWARE: dict[str, Change] = {
    "no route": (r'pattern != ""', lambda _: 'pattern == ""'),
    "no Allow": (r'w\.Header\(\)\.Set\("Allow", .*\)', lambda _: ""),
    "other status": (r"Status: http\.Status\w+", lambda _: "Status: http.StatusTeapot"),
    "goes on after an error": (r"\n\t\t\treturn(?=\n\t\t\})", lambda _: ""),
    "one identifier": (r"uuid\.New\(\)", lambda _: '"7d444840-9dc0-41d1-b245-5ffdce74fad2"'),
    "no identifier": (r'w\.Header\(\)\.Set\("X-Request-Id", id\)', lambda _: ""),
    "no limit": (r"r\.WithContext\(ctx\)", lambda _: "r"),
    "panics": (r"reason := recover\(\)", lambda _: "reason := any(nil)"),
    "abort hidden": (r"reason == http\.ErrAbortHandler", lambda _: "false"),
    "panic answered twice": (r"seen\.status == 0", lambda _: "true"),
    "panic not answered": (r"seen\.status == 0", lambda _: "false"),
    "not logged": (r"logger\.InfoContext\(ctx, .*\n.*\)", lambda _: ""),
    "identifier not logged": (r'"request", "request", id, ', lambda _: '"request", '),
    "method not logged": (r'"method", r\.Method, ', lambda _: ""),
    "path not logged": (r'"path", r\.URL\.Path,', lambda _: ""),
    "status not logged": (r'"status", seen\.status, ', lambda _: ""),
    "status not seen": (r"o\.status = status", lambda _: ""),
    "status not passed on": (r"\n\to\.ResponseWriter\.WriteHeader\(status\)", lambda _: ""),
    "last status seen": (r"if o\.status == 0 \{\n\t\to\.status = status", lambda _: "{\n\t\to.status = status"),
    "usual status not seen": (r"o\.status = http\.StatusOK", lambda _: ""),
    "no body": (r"return o\.ResponseWriter\.Write\(data\)", lambda _: "return len(data), nil"),
    "nothing within": (r"\{ return o\.ResponseWriter \}", lambda _: "{ return nil }"),
    "header lost": (r"\{ return d\.header \}", lambda _: "{ return make(http.Header) }"),
    "discarded status lost": (r"\{ d\.status = status \}", lambda _: "{}"),
}

SERVER: dict[str, Change] = {
    "exit code": (r"return [12](?=\n)", lambda _: "return 3"),
    "failure hidden": (r"\n\t\tos\.Exit\(exitCode\(err\)\)", lambda _: ""),
    "error not shown": (r"fmt\.Fprintln\(os\.Stderr, .*\)", lambda _: ""),
    "signal not heard": (r", syscall\.SIGTERM", lambda _: ""),
    "help is an error": (r"errors\.Is\(err, flag\.ErrHelp\)", lambda _: "false"),
    "flags whatever": (r"return usageError\{err\}", lambda _: "return nil"),
    "no usage error": (r"return usageError\{(.*)\}", lambda m: f"return {m[1]}"),
    "arguments whatever": (r"flags\.NArg\(\) > 0", lambda _: "false"),
    "usage lost": (r"\n\t\tflags\.SetOutput\(stderr\)", lambda _: ""),
    "no version": (r"if \*version", lambda _: "if *version && false"),
    "version lost": (r"fmt\.Fprintln\(stdout, versionText\(\)\)", lambda _: "0, error(nil)"),
    "other version": (r'text := "mutants"', lambda _: 'text := "mutant"'),
    "address lost": (r'net\.Listen\("tcp", address\(getenv\)\)', lambda _: 'net.Listen("tcp", "127.0.0.1:0")'),
    "nothing said": (r"logger\.InfoContext\(ctx, .*\)", lambda _: ""),
    "listening whatever": (
        r"if err != nil \{\n\t\treturn err\n\t\}\n\tlogger",
        lambda _: "_ = err\n\t{\n\t}\n\tlogger",
    ),
    "ADDR not asked": (r'getenv\("ADDR"\)', lambda _: 'getenv("")'),
    "PORT not asked": (r'getenv\("PORT"\)', lambda _: 'getenv("")'),
    "port without colon": (r'":" \+ port', lambda _: "port"),
    "other port": (r'":8080"', lambda _: '":80"'),
    "PORT goes before ADDR": (r'if addr := getenv\("ADDR"\); addr != ""', lambda m: f'{m[0]} && getenv("PORT") == ""'),
    "never ends": (r"case <-ctx\.Done\(\):", lambda _: "case <-make(chan int):"),
    "cut off": (r"server\.Shutdown\(ending\)", lambda _: "server.Close()"),
    "no time to end": (r"context\.WithoutCancel\(ctx\)", lambda _: "ctx"),
    "not served": (r"failed <- server\.Serve\(listener\)", lambda _: "_ = server"),
    "always ready": (r"return ctx\.Err\(\) == nil", lambda _: "return true"),
    "never ready": (r"return ctx\.Err\(\) == nil", lambda _: "return false"),
    "bare handler": (r"web\.Wrap\(handler, logger, requestLimit\)", lambda _: "handler"),
}


@dataclass(frozen=True)
class Kind:
    """Files that are broken, and how."""

    files: tuple[str, ...]
    operators: dict[str, Change]
    used: str = ""
    """Keeps imports used where a mutant no longer needs them."""
    least: int = 35
    """So many mutants must be Go."""


KINDS = {
    "models": Kind(
        ("internal/models/account.go",),
        MODEL,
        "var _, _, _, _, _ = uuid.New, utf8.RuneLen, time.Now, regexp.MustCompile, slices.Index[[]int]\n",
    ),
    "stores": Kind(
        ("internal/repository/account.go", "internal/repository/team.go"),
        STORE,
        "var _, _, _ = fault.NotFound, slices.Index[[]int], (*invalid.Error).Add\n",
    ),
    "services": Kind(
        ("internal/service/account.go", "internal/service/team.go"),
        SERVICE,
        "var _, _, _ = fault.NotFound, errors.New, (*invalid.Error).Add\n",
    ),
    "handlers": Kind(
        ("internal/handlers/account.go", "internal/handlers/team.go"),
        HANDLER,
        "var _, _ = web.Body, strconv.Itoa\n",
    ),
    "router": Kind(("internal/handlers/router.go",), ROUTER, "var _ = web.Route\n", 9),
    "answers": Kind(
        ("internal/web/web.go",), WEB, "var _, _, _ = json.Marshal, context.Canceled, fault.NotFound\n", 15
    ),
    "requests": Kind(
        ("internal/web/request.go",),
        REQUEST,
        "var _, _, _, _ = mime.FormatMediaType, io.EOF, big.NewInt, fmt.Sprint\n",
    ),
    "middleware": Kind(
        ("internal/web/middleware.go",),
        MIDDLEWARE,
        "var _, _, _, _ = uuid.New, time.Now, fmt.Sprint, debug.Stack\n",
        20,
    ),
    "server": Kind(
        ("cmd/mutants/main.go",),
        SERVER,
        "var _, _, _, _, _ = fmt.Sprint, errors.Is, syscall.SIGTERM, net.Listen, web.Wrap\n",
        20,
    ),
}


def _mutants(source: str, operators: dict[str, Change], most: int) -> Iterator[tuple[str, str]]:
    for name, (pattern, change) in operators.items():
        found = [match for match in re.finditer(pattern, source) if _is_code(source, match.end())]
        for match in found[:most]:
            line = source.count("\n", 0, match.end()) + 1
            yield f"{name}, line {line}", source[: match.start()] + change(match) + source[match.end() :]


def _is_code(source: str, place: int) -> bool:
    line = source[source.rfind("\n", 0, place - 1) + 1 : place]
    return not line.strip().startswith(("//", 'problems.Add("sku", "must', 'problems.Add("balance", "must'))


def _write(root: Path, files: dict[str, bytes], path: str, changed: str, place: str) -> None:
    """Write the package of a file with its tests under another path, with another text of the file."""
    folder = path.rpartition("/")[0]
    for name, content in files.items():
        if name.startswith(f"{folder}/"):
            text = changed if name == path else content.decode()
            target = root / name.replace(folder, place)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace(f'"mutants/{folder}', f'"mutants/{place}'))


def _failed(output: str) -> tuple[set[str], set[str]]:
    """Return the packages whose tests failed, and those that could not be built."""
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    ended = [event for event in events if event["Action"] == "fail" and "Test" not in event]
    unbuilt = {event["Package"] for event in ended if "FailedBuild" in event}
    return {event["Package"] for event in ended} - unbuilt, unbuilt


@pytest.mark.parametrize("name", KINDS)
def test_contract_tests_catch_mutants(name: str, render: Render, go: Go, race: list[str], tmp_path: Path) -> None:
    kind, files = KINDS[name], render(SPECIFICATION)
    folder = kind.files[0].rpartition("/")[0]
    for path, content in files.items():
        if not path.endswith("_test.go") or path.startswith(f"{folder}/"):
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    mutants = {}
    for path in kind.files:
        for what, text in _mutants(files[path].decode(), kind.operators, PER_OPERATOR):
            mutants[f"{path}: {what}"] = (path, f"{text}\n{kind.used}")
    for number, (path, changed) in enumerate(mutants.values()):
        _write(tmp_path, files, path, changed, f"mutant/m{number:03}")
    done = go(tmp_path, "test", *race, "-vet=off", "-timeout=60s", "-json", f"./{folder}", "./mutant/...")
    failed, unbuilt = _failed(done.stdout)
    assert f"mutants/{folder}" not in failed | unbuilt, done.stdout
    packages = {f"mutants/mutant/m{number:03}": what for number, what in enumerate(mutants)}
    judged = {package: what for package, what in packages.items() if package not in unbuilt}
    survivors = [what for package, what in judged.items() if package not in failed]
    print(f"{len(judged)} of {len(mutants)} mutants are Go, survivors: {survivors}")  # noqa: T201 - for the curious
    assert len(judged) >= kind.least
    assert len(survivors) <= (1 - WANTED) * len(judged), survivors
