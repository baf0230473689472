import random
import re
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gocreator.prompt.secretforms import PROVIDERS
from gocreator.prompt.secrets import Finding, Secrets, entropy

ALPHABETS = {"x": "0123456789abcdef", "a": string.ascii_letters + string.digits, "u": "ABCDEFGHJKLMNPQRSTUVWXYZ234567"}


def find_secrets(text: str, *allowed: str) -> tuple[Finding, ...]:
    return Secrets(frozenset(allowed)).find(text)


def made(pattern: str) -> str:
    """Write a secret of a form: `{a40}` is 40 random letters and digits, `x` hexadecimal digits, `u` capitals."""
    chance = random.Random(pattern)  # noqa: S311 - it makes samples, it keeps no secrets
    return re.sub(r"\{([xau])(\d+)\}", lambda it: "".join(chance.choices(ALPHABETS[it[1]], k=int(it[2]))), pattern)


PROVIDED = {
    "anthropic": "sk-ant-api03-{a93}",
    "openai": "sk-proj-{a60}",
    "openai old": "sk-{a48}",
    "aws-access-key": "AKIA{u16}",
    "github": "ghp_{a36}",
    "github fine": "github_pat_{a22}_{a59}",
    "gitlab": "glpat-{a20}",
    "slack": "xoxb-123456789012-1234567890123-{a24}",
    "slack-webhook": "https://hooks.slack.com/services/T{u8}/B{u8}/{a24}",
    "stripe": "sk_live_{a24}",
    "google": "AIza{a35}",
    "google-oauth": "GOCSPX-{a28}",
    "digitalocean": "dop_v1_{x64}",
    "telegram": "7123456789:AA{a33}",
    "huggingface": "hf_{a34}",
    "vault": "hvs.{a90}",
    "npm": "npm_{a36}",
    "pypi": "pypi-AgEIcHlwaS5vcmc{a100}",
    "sendgrid": "SG.{a22}.{a43}",
    "mailgun": "key-{x32}",
    "mailchimp": "{x32}-us12",
    "twilio": "SK{x32}",
    "shopify": "shpat_{x32}",
    "databricks": "dapi{x32}",
    "terraform": "{a14}.atlasv1.{a64}",
    "docker": "dckr_pat_{a27}",
    "groq": "gsk_{a52}",
    "replicate": "r8_{a37}",
    "openrouter": "sk-or-v1-{x64}",
    "jwt": "eyJ{a33}.eyJ{a70}.{a43}",
    "azure": "AccountKey={a86}==",
    "bearer": "Authorization: Bearer {a32}7",
    "basic-auth": "Authorization: Basic {a32}7=",
    "private-key": "-----BEGIN RSA PRIVATE KEY-----\n{a64}\n{a64}\n-----END RSA PRIVATE KEY-----",
    "private-key in a string": "-----BEGIN PRIVATE KEY-----\\n{a64}",
    "private-key of PGP": "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n{a64}",
}


@pytest.mark.parametrize("surrounded", ["{}", 'key := "{}"', "KEY={}\n", "`{}`,", "see {} there", '"text\\n{}\\n"'])
@pytest.mark.parametrize("rule", PROVIDED)
def test_formats_of_providers(rule: str, surrounded: str) -> None:
    secret = made(PROVIDED[rule])
    (found,) = find_secrets(surrounded.replace("{}", secret))
    assert found.rule == rule.split(maxsplit=1)[0]


NAMED = [
    'password: "tr0ub4dor&3xK"',
    "DB_PASSWORD=9fK2mQ8zLp4\n",
    'const apiKey = "{a24}7"',
    "const clientSecret string = `{a24}7`",
    'var signingKey = []byte("{a24}7")',
    '"secret_key": "{a24}7",',
    '\\"api_key\\": \\"{a24}7\\"',
    "api-key: '{a24}7'",
    'os.Setenv("API_TOKEN", "{a24}7")',
    "https://example.com/x?access_token={x20}f7d3&a=b",
    "<password>q8Zk2Lw9Xv4</password>",
]


@pytest.mark.parametrize("text", NAMED)
def test_random_values_under_a_telling_name(text: str) -> None:
    (found,) = find_secrets(made(text))
    assert found.rule == "named-secret"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("url-password", "postgres://app:s3cr3t-pw@db.internal:5432/app"),
        ("url-password", "redis://:q8Zk2Lw9@cache:6379/0"),
        ("url-password", 'dsn := "amqp://svc:Zk2Lw9@mq"'),
        ("dsn-password", 'sql.Open("mysql", "root:Zk2Lw9@tcp(localhost:3306)/db")'),
        ("netrc", "machine example.org login me password Zk2Lw9"),
    ],
)
def test_passwords_in_addresses(rule: str, text: str) -> None:
    (found,) = find_secrets(text)
    assert found.rule == rule


@pytest.mark.parametrize(
    "text",
    [
        'password := os.Getenv("DB_PASSWORD")',
        "token := parser.next()",
        "PrivateKey: testRSA2048PrivateKey,",
        'APIKey string `json:"api_key"`',
        'PasswordHash string `json:"password_hash" db:"password_hash2"`',
        'var ErrBadToken = errors.New("the token is invalid")',
        'const tokenURL = "https://auth.example.com/oauth2/v1/token"',
        'apiKey: "your-api-key-123-here"',
        'token: "xxxxxxxxxxxx1234"',
        'secret = "${SECRET_KEY_2}"',
        'password: "{{ .Values.password1 }}"',
        "postgres://postgres:postgres@localhost:5432/test",
        "postgres://user:password@localhost/db",
        "postgres://app:${DB_PASSWORD}@db/app",
        'fmt.Sprintf("postgres://%s:%s@%s", user, password, host)',
        "http://example.com:8080/a@b",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        'if !strings.HasPrefix(text, "-----BEGIN PRIVATE KEY-----") {',
        "Authorization: Bearer <token>",
        "type tokenKind int",
        'tokenType = "application/vnd.oauth2+json"',
        "00000000-0000-4000-8000-000000000000",
        'secretName: "db-credentials-v2"',
        "// The password has at least 8 characters, 1 digit and 1 capital.",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_is_no_secret(text: str) -> None:
    assert find_secrets(text) == ()


def test_a_finding_tells_the_place_and_never_the_value() -> None:
    secret = made("ghp_{a36}")
    (found,) = find_secrets(f'package p\n\nvar é, x = "{secret}"\n')
    assert (found.line, found.column) == (3, 14)
    assert found.excerpt == "github ... (40 characters)"
    assert not any(secret[start : start + 5] in f"{found!r} {found}" for start in range(4, 36))


def test_what_is_allowed_passes_wherever_it_stands() -> None:
    secret, other = made("ghp_{a36}"), made("ghp_{a37}")
    (found,) = find_secrets(secret)
    assert find_secrets(f"\n  token = {secret}", found.fingerprint) == ()
    (left,) = find_secrets(f"{secret} {other}", found.fingerprint)
    assert left.fingerprint != found.fingerprint


def test_places_are_in_order_and_do_not_overlap() -> None:
    text = "\n".join(f'token = "{made(PROVIDED[rule])}"' for rule in PROVIDED if "\n" not in PROVIDED[rule])
    found = find_secrets(text)
    assert [it.line for it in found] == list(range(1, text.count("\n") + 2))


@given(
    st.text()
    | st.lists(st.sampled_from(["token", "=", '"', "sk-", "eyJ", ".", "a1", "://", "@", "\ud800"])).map("".join)
)
def test_no_text_is_too_strange(text: str) -> None:
    for found in find_secrets(text):
        assert found.line <= text.count("\n") + 1


@given(st.text())
def test_entropy_is_that_of_shannon(text: str) -> None:
    assert 0 <= entropy(text) <= 21
    assert entropy("ab" * 8) == 1


HOSTILE = [
    *(anchor for form in PROVIDERS for anchor in form.anchors),
    *(
        "a",
        "0",
        "0123456789:AA",
        "a.",
        "a:",
        "a:b@",
        "://",
        "a://b:",
        "password",
        "token=",
        'token="',
        "token = ",
        "secret ",
    ),
    *("eyJaaaaaaaaaaaaaaaaa.", "-eyJ", "-----BEGIN PRIVATE KEY-----", "PuTTY-User-Key-File-", "Bearer  a", "\n", "\\n"),
    *("machine a login b ", "a:b@tcp", "MMMMMMMMMMMMMMMMMMMMMMMM.", "é", '"', "-", "_", "f"),
]


def test_time_is_linear_for_hostile_texts() -> None:
    slow = {}
    for unit in dict.fromkeys(HOSTILE):
        text = unit * (50_000 // len(unit))
        began = time.perf_counter()
        find_secrets(text)
        slow[unit] = time.perf_counter() - began
    assert max(slow.values()) < 1, sorted(slow.items(), key=lambda it: -it[1])[:5]


def test_keys_in_use_are_found_whatever_they_look_like_and_never_allowed() -> None:
    key = "correct horse battery"
    (found,) = Secrets(known=(key,)).find(f"// {key}")
    assert (found.rule, found.line, found.column, found.allowing) == ("key-in-use", 1, 4, "")
    assert key not in repr(found)
    assert key not in repr(Secrets(known=(key,)))
    assert Secrets(frozenset({found.fingerprint}), (key,)).find(key) == (
        found.__class__(**vars(found) | {"column": 1}),
    )
    assert Secrets(known=("k",)).find("a key that is a word") == ()


def test_secrets_are_left_out_of_what_is_said() -> None:
    one, two = made("ghp_{a36}"), made("sk_live_{a24}")
    assert Secrets(known=("horse-battery",)).hide(f"é {one}, horse-battery\n{two}!") == "é ***, ***\n***!"
    assert Secrets().hide("nothing") == "nothing"
