"""Tests of the HTTP layer and of the program catch implementations that break the contract."""

import re
from collections.abc import Callable, Mapping

import pytest

Change = tuple[str, Callable[[re.Match[str]], str]]
Judge = Callable[[tuple[str, ...], Mapping[str, Change], str], None]

pytestmark = [pytest.mark.go, pytest.mark.sample(2, "mutants")]

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
    "not JSON": (r'send\(w, "application/json"', lambda _: 'send(w, "text/plain"'),
    "no type": (r'w\.Header\(\)\.Set\("Content-Type", kind\)', lambda _: "_ = kind"),
    "no status": (r"w\.WriteHeader\(status\)", lambda _: "_ = status"),
    "no body": (r"w\.Write\(append\(data, .*\)\)", lambda _: "data, 0"),
    "secret told": (r"problem := Problem\{", lambda _: "problem := Problem{Detail: err.Error(), "),
    "canceled unknown": (r"errors\.Is\(err, context\.Canceled\), ", lambda _: ""),
    "late unknown": (r", errors\.Is\(err, context\.DeadlineExceeded\)", lambda _: ""),
    "detail not the error": (r"return e\.Detail", lambda _: 'return ""'),
    "not reported": (r"found\.err = err", lambda _: ""),
    "not unwrapped": (r"w = found\.Unwrap\(\)", lambda _: "return"),
    "broken value": (r"WriteError\(w, fmt\.Errorf\(.*\)\)", lambda _: "w.WriteHeader(status)"),
    "hints are a status": (r"o\.status == 0 && \(status >= 200.*\)", lambda _: "o.status == 0"),
    "last status seen": (r"o\.status == 0 && \(", lambda _: "("),
    "status not passed on": (r"\n\to\.ResponseWriter\.WriteHeader\(status\)", lambda _: ""),
    "no body passed on": (r"return o\.ResponseWriter\.Write\(data\)", lambda _: "return len(data), nil"),
    "written without status": (
        r"\n\to\.status = cmp\.Or\(o\.status, http\.StatusOK\)\n\treturn o\.",
        lambda _: "\n\treturn o.",
    ),
    "flushed without status": (
        r"\n\to\.status = cmp\.Or\(o\.status, http\.StatusOK\)\n\treturn http\.",
        lambda _: "\n\treturn http.",
    ),
    "not flushed": (r"http\.NewResponseController\(o\.ResponseWriter\)\.Flush\(\)", lambda _: "nil"),
}

REQUEST: dict[str, Change] = {
    "any type": (r'\|\| kind != "application/json"', lambda _: '|| kind == ""'),
    "type not parsed": (r"err != nil \|\| kind !=", lambda _: "kind !="),
    "any charset": (r"strings\.EqualFold\(.*\)", lambda _: "parameters != nil"),
    "any encoding": (r'r\.Header\.Get\("Content-Encoding"\) == ""', lambda _: "true"),
    "without bounds": (r"http\.MaxBytesReader\(w, r\.Body, MaxBody\)", lambda _: "r.Body"),
    "bound moved": (r"1 << 20", lambda _: "1 << 19"),
    "other status": (
        r"http\.Status(UnsupportedMediaType|RequestEntityTooLarge|RequestTimeout|NotFound)",
        lambda _: "http.StatusTeapot",
    ),
    "bad request": (r"http\.StatusBadRequest", lambda _: "http.StatusTeapot"),
    "cut off": (r"case err != nil:", lambda _: "case err != nil && false:"),
    "any bytes": (r"case !utf8\.Valid\(data\):", lambda _: "case false:"),
    "error dropped": (r"err(?: := \S.*; err)? != nil \{", lambda m: f"{m[0][:-2]} && false {{"),
    "any query": (r"url\.ParseQuery\(r\.URL\.RawQuery\)", lambda _: "r.URL.Query(), error(nil)"),
    "page bound": (r"(?<=Limit, )1(?=, MaxLimit)|(?<=\"offset\", )0", lambda _: "2"),
    "usual changed": (r"DefaultLimit, 1", lambda _: "DefaultLimit+1, 1"),
    "given twice": (r"len\(texts\) > 1", lambda _: "false"),
    "too small": (r"number < least", lambda _: "false"),
    "too large": (r"number > most", lambda _: "false"),
    "just too large": (r"number > most", lambda _: "number >= most"),
    "no number": (r"err != nil \|\| len\(texts\)", lambda _: "len(texts)"),
    "key cut": (r"int64\(K\(number\)\) != number", lambda _: "false"),
    "key whatever": (r"err != nil \|\| int64", lambda _: "int64"),
    "key in other forms": (r"strconv\.FormatInt\(number, 10\) != text", lambda _: "false"),
    "constant changed": (r"(= )(100|1000|math\.MaxInt32)\n", lambda m: f"= {m[2]} - 1\n"),
}

STRICT: dict[str, Change] = {
    "more behind": (r"!errors\.Is\(err, io\.EOF\)", lambda m: f"false && {m[0]}"),
    "null is an object": (r" \|\| object == nil", lambda _: ""),
    "bad request": (r"http\.StatusBadRequest", lambda _: "http.StatusTeapot"),
    "error dropped": (r"err(?: := \S.*; err)? != nil \{", lambda m: f"{m[0][:-2]} && false {{"),
    "fields not told": (r", Fields: s\.problems\.Fields", lambda _: ""),
    "merged": (r"\n\t\tvalue\.FieldByIndex\(field\.Index\)\.SetZero\(\)", lambda _: "\n\t\t_ = field"),
    "numbers rounded": (r"\n\tdecoder\.UseNumber\(\)", lambda _: ""),
    "unknown fields": (r's\.add\(path\+name, "is unknown"\)', lambda _: ""),
    "null taken": (r's\.add\(path(\+name)?, "must not be null"\)', lambda _: ""),
    "malformed taken": (r's\.add\(path, "is malformed"\)', lambda _: ""),
    "numbers for bytes": (r's\.add\(path, "must be a string"\)', lambda _: ""),
    "path lost": (r's\.object\(path\+"\."', lambda _: 's.object(""'),
    "not looked into": (r"object\[name\] = s\.value\(.*\)", lambda _: ""),
    "items not looked into": (r"found\[\w+\] = s\.item\(.*\)", lambda _: ""),
    "fractions": (r"return whole\(found\)", lambda _: "return found"),
    "inexact": (r"!ok \|\| !exact\.IsInt\(\)", lambda _: "!ok"),
    "any exponent": (r"places < -most \|\| places > most", lambda _: "false"),
    "pointers not followed": (r"for into\.Kind\(\) == reflect\.Pointer", lambda _: "for false"),
    "texts looked into": (r" \|\| reflect\.PointerTo\(into\)\.Implements\(textUnmarshaler\)", lambda _: ""),
    "unmarshalers looked into": (r"reflect\.PointerTo\(into\)\.Implements\(unmarshaler\) \|\| ", lambda _: ""),
    "any case": (r"own == name", lambda _: "strings.EqualFold(own, name)"),
    "hidden fields": (r'own != "-" && ', lambda _: ""),
    "secret fields": (r"field\.IsExported\(\) && ", lambda _: ""),
    "field unnamed": (r"reader\.add\(wrong\.Field", lambda _: 'reader.add(""'),
    "number told": (r"must not be this %s\", kind", lambda _: 'must not be this %s", wrong.Value'),
    "endless list": (r"len\(s\.problems\.Fields\) < maxProblems", lambda _: "true"),
    "other end": (r"maxProblems = 100", lambda _: "maxProblems = 99"),
}

MIDDLEWARE: dict[str, Change] = {
    "no route": (r'pattern != ""', lambda _: 'pattern == ""'),
    "no Allow": (r'w\.Header\(\)\.Set\("Allow", .*\)', lambda _: ""),
    "other Allow": (r'w\.Header\(\)\.Set\("Allow", .*\)', lambda _: 'w.Header().Set("Allow", "GET")'),
    "other status": (r"Status: http\.Status\w+", lambda _: "Status: http.StatusTeapot"),
    "goes on after an error": (r"\n\t\t\treturn(?=\n\t\t\})", lambda _: ""),
    "one identifier": (r"uuid\.New\(\)", lambda _: '"7d444840-9dc0-41d1-b245-5ffdce74fad2"'),
    "no identifier": (r'\n\t\tw\.Header\(\)\.Set\("X-Request-Id", id\)', lambda _: ""),
    "no identifier after a panic": (r'\n\t\t\t\tw\.Header\(\)\.Set\("X-Request-Id", id\)', lambda _: ""),
    "no limit": (r"r\.WithContext\(ctx\)", lambda _: "r"),
    "longer limit": (r"r\.Context\(\), limit\)", lambda _: "r.Context(), 100*limit)"),
    "panics": (r"reason := recover\(\)", lambda _: "reason := any(nil)"),
    "abort hidden": (r"if abort \{", lambda _: "if false {"),
    "half done goes on": (r"seen\.status != 0 \|\| ", lambda _: ""),
    "panic not logged": (r'logger\.ErrorContext\(ctx, "panic", .*\)', lambda _: ""),
    "panic not answered": (r"WriteError\(seen, .*StatusInternalServerError\}\)", lambda _: ""),
    "old header": (r"clear\(w\.Header\(\)\)", lambda _: ""),
    "error not logged": (r'logger\.ErrorContext\(ctx, "error", .*\)', lambda _: ""),
    "request not logged": (r"logger\.InfoContext\(ctx, .*\)", lambda _: "_, _ = start, status"),
    "identifier not logged": (r'"request", id, ', lambda _: ""),
    "method not logged": (r'"method", r\.Method, ', lambda _: ""),
    "path not logged": (r', "path", r\.URL\.Path', lambda _: ""),
    "no status logged": (r'"status", status, ', lambda _: '"code", status, '),
    "usual status not logged": (r"cmp\.Or\(seen\.status, http\.StatusOK\)", lambda _: "seen.status"),
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


def test_handlers(judge: Judge) -> None:
    judge(("internal/handlers/account.go", "internal/handlers/team.go"), HANDLER, "var _, _ = web.Body, strconv.Itoa")


def test_the_router(judge: Judge) -> None:
    judge(("internal/handlers/router.go",), ROUTER, "var _ = web.Route")


def test_answers(judge: Judge) -> None:
    judge(
        ("internal/web/web.go",),
        WEB,
        "var _, _, _, _ = json.Marshal, context.Canceled, fault.NotFound, cmp.Compare[int]\nvar _ = fmt.Sprint",
    )


def test_requests(judge: Judge) -> None:
    judge(
        ("internal/web/request.go",),
        REQUEST,
        "var _, _, _, _ = mime.FormatMediaType, io.EOF, cmp.Compare[int], utf8.RuneLen\nvar _ = url.QueryEscape",
    )


def test_strict_reading(judge: Judge) -> None:
    judge(("internal/web/unmarshal.go",), STRICT, "var _, _, _, _ = io.EOF, big.NewInt, fmt.Sprint, errors.Is")


def test_middleware(judge: Judge) -> None:
    judge(
        ("internal/web/middleware.go",),
        MIDDLEWARE,
        "var _, _, _, _ = uuid.New, time.Now, cmp.Compare[int], debug.Stack",
    )


def test_the_server(judge: Judge) -> None:
    judge(
        ("cmd/mutants/main.go",),
        SERVER,
        "var _, _, _, _, _ = fmt.Sprint, errors.Is, syscall.SIGTERM, net.Listen, web.Wrap",
    )
