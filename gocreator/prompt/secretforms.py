"""What secrets look like: formats of providers, and places where credentials stand. Best effort, no guarantee.

The list is the union of the formats that detect-secrets and gitleaks publish, of those that tell what they are.
Quantities are bounded and a form begins only where no word does before it, so that hostile text takes linear time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_HEX = "[0-9a-f]"
_ALNUM = "[A-Za-z0-9]"
_WORD = r"[\w-]"


@dataclass(frozen=True)
class Form:
    """A format that is told by how it begins; the group `secret` is what to hide, else all of it."""

    rule: str
    anchors: tuple[str, ...]
    """One of these stands in every match, at its beginning; empty: the pattern is looked for as it is."""
    pattern: str
    entropy: float = 2.5
    """Less of it is no secret but a placeholder."""

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, and nothing of a word before it; an escaped line end is none."""
        return re.compile(rf"(?:(?<![\w-])|(?<=\\[nrt])){self.pattern}", re.ASCII)

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Find it; finding an anchor first is many times faster than trying the pattern everywhere."""
        if not self.anchors:
            yield from self.compiled.finditer(text)
        for anchor in self.anchors:
            start = text.find(anchor)
            while start >= 0:
                found = self.compiled.match(text, start)
                if found:
                    yield found
                start = text.find(anchor, found.end() if found else start + 1)


def _started(rule: str, beginnings: str, rest: str, entropy: float = 2.5) -> Form:
    """Describe a format by the words that it begins with."""
    anchors = tuple(beginnings.split())
    return Form(rule, anchors, f"(?:{'|'.join(map(re.escape, anchors))}){rest}", entropy)


_PRIVATE = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]{0,200}?(?P<secret>[A-Za-z0-9+/]{40,2000})"

PROVIDERS = (
    _started("1password", "ops_eyJ", r"[A-Za-z0-9+/]{100,2000}={0,3}"),
    _started("age", "AGE-SECRET-KEY-1", r"[A-Z0-9]{58}"),
    _started("airtable", "pat", rf"{_ALNUM}{{14}}\.{_HEX}{{64}}"),
    _started("anthropic", "sk-ant-", rf"{_WORD}{{20,200}}"),
    _started("artifactory", "AKCp cmVmd", rf"{_ALNUM}{{59,80}}"),
    _started("atlassian", "ATATT3 ATCTT3", r"[\w=-]{100,250}"),
    _started("aws-access-key", "AKIA ASIA ABIA ACCA", r"[A-Z2-7]{16}(?!\w)"),
    _started("aws-bedrock", "ABSK", r"[A-Za-z0-9+/]{100,300}={0,2}"),
    _started("bitbucket", "ATBB", rf"{_ALNUM}{{32}}(?!\w)"),
    _started("clojars", "CLOJARS_", r"[a-z0-9]{60}"),
    _started("cloudflare", "v1.0-", rf"{_HEX}{{24}}-{_HEX}{{146}}"),
    _started("contentful", "CFPAT-", rf"{_WORD}{{43}}"),
    _started("databricks", "dapi", rf"{_HEX}{{32}}(?:-\d)?(?!\w)"),
    _started("digitalocean", "dop_v1_ doo_v1_ dor_v1_", rf"{_HEX}{{64}}"),
    Form("discord", (), r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])", 3.5),
    _started("docker", "dckr_pat_ dckr_oat_", rf"{_WORD}{{27,40}}"),
    _started("doppler", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", r"[\w.-]{40,80}"),
    _started("dropbox", "sl.", r"[\w=-]{130,200}"),
    _started("duffel", "duffel_test_ duffel_live_", r"[\w=-]{43}"),
    _started("dynatrace", "dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    _started("easypost", "EZAK EZTK", rf"{_ALNUM}{{54}}"),
    _started("facebook", "EAAM EAAC", rf"{_ALNUM}{{30,300}}"),
    _started("flutterwave", "FLWSECK_TEST- FLWSECK-", r"[0-9a-h-]{12,40}"),
    _started("fly", "fo1_ fm1a_ fm1r_ fm2_", r"[\w+/=-]{43,500}"),
    _started("github", "ghp_ gho_ ghu_ ghs_ ghr_", rf"{_ALNUM}{{36,255}}"),
    _started("github", "github_pat_", r"\w{22,255}"),
    _started("gitlab", "glpat- gldt- glft- glrt- glcbt- glptt- glsoat- glimt- glagent- gloas-", r"[\w.-]{20,100}"),
    _started("gitlab", "GR1348941", rf"{_WORD}{{20}}"),
    _started("google", "AIza", rf"{_WORD}{{35}}(?![\w-])"),
    _started("google-oauth", "GOCSPX- ya29.", rf"{_WORD}{{28,500}}"),
    _started("grafana", "glc_ glsa_", r"[A-Za-z0-9+/_=]{32,400}"),
    _started("groq", "gsk_", rf"{_ALNUM}{{40,80}}"),
    _started("heroku", "HRKU-", rf"{_WORD}{{36,80}}"),
    _started("huggingface", "hf_ api_org_", rf"{_ALNUM}{{34,40}}(?!\w)"),
    _started("infracost", "ico-", rf"{_ALNUM}{{32}}(?!\w)"),
    _started("linear", "lin_api_ lin_oauth_", rf"{_ALNUM}{{40,64}}"),
    _started("mailchimp", "", rf"{_HEX}{{32}}-us\d{{1,2}}(?!\w)"),
    _started("mailgun", "key- pubkey-", rf"{_HEX}{{32}}(?!\w)"),
    _started("mapbox", "pk.eyJ sk.eyJ", r"[\w-]{40,100}\.[\w-]{20,30}"),
    _started("newrelic", "NRAK- NRJS- NRII- NRRA- NRAA-", r"[A-Za-z0-9-]{19,60}"),
    _started("notion", "ntn_ secret_", rf"{_ALNUM}{{43,50}}(?!\w)"),
    _started("npm", "npm_", rf"{_ALNUM}{{36}}(?!\w)"),
    _started("openai", "sk-proj- sk-svcacct- sk-admin- sk-None-", rf"{_WORD}{{20,300}}"),
    _started("openai", "sk-", rf"(?:{_ALNUM}{{20,60}}(?![\w-])|{_ALNUM}{{16,40}}T3BlbkFJ{_ALNUM}{{16,40}})", 3.2),
    _started("openrouter", "sk-or-", rf"(?:v1-)?{_HEX}{{64}}"),
    _started("openshift", "sha256~", rf"{_WORD}{{43}}"),
    _started("perplexity", "pplx-", rf"{_ALNUM}{{40,64}}"),
    _started("planetscale", "pscale_tkn_ pscale_oauth_ pscale_pw_", r"[\w.=-]{32,64}"),
    _started("postman", "PMAK-", rf"{_HEX}{{24}}-{_HEX}{{34}}"),
    _started("prefect", "pnu_ pnb_", r"[A-Za-z0-9]{36}(?!\w)"),
    _started("pulumi", "pul-", rf"{_HEX}{{40}}"),
    _started("pypi", "pypi-AgE", rf"{_WORD}{{50,1000}}"),
    _started("readme", "rdme_", r"[a-z0-9]{70}"),
    _started("replicate", "r8_", rf"{_ALNUM}{{37}}(?!\w)"),
    _started("rubygems", "rubygems_", rf"{_HEX}{{48}}"),
    _started("sendgrid", "SG.", rf"{_WORD}{{16,32}}\.{_WORD}{{39,50}}"),
    _started("sendinblue", "xkeysib-", rf"{_HEX}{{64}}-{_ALNUM}{{16}}"),
    _started("sentry", "sntrys_ sntryu_", r"[\w+/=]{60,500}"),
    _started("shippo", "shippo_live_ shippo_test_", rf"{_HEX}{{40}}"),
    _started("shopify", "shpat_ shpca_ shppa_ shpss_", r"[0-9a-fA-F]{32}"),
    _started("slack", "xoxa- xoxb- xoxe- xoxe.xoxp- xoxo- xoxp- xoxr- xoxs- xapp-", r"[A-Za-z0-9-]{20,300}"),
    _started("slack-webhook", "hooks.slack.com/", r"(?:services|workflows|triggers)/(?P<secret>[\w/+-]{30,100})"),
    _started(
        "discord-webhook", "discord.com/api/webhooks/ discordapp.com/api/webhooks/", r"(?P<secret>[\w/-]{40,120})"
    ),
    _started("sourcegraph", "sgp_", r"[0-9a-zA-Z_]{40,80}"),
    _started("square", "sq0atp- sq0csp- sq0idp- EAAAE", rf"{_WORD}{{22,80}}"),
    _started("stripe", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_", rf"{_ALNUM}{{16,200}}"),
    _started("stripe-webhook", "whsec_", r"[A-Za-z0-9+/=]{24,100}"),
    _started("supabase", "sbp_ sb_secret_", r"[\w-]{30,80}"),
    _started("tailscale", "tskey-", r"[\w-]{20,100}"),
    _started("telegram", "", r"\d{8,10}:AA[\w-]{32,33}(?![\w-])"),
    _started("terraform", "", rf"{_ALNUM}{{14}}\.atlasv1\.[\w=-]{{60,70}}"),
    _started("twilio", "SK", rf"{_HEX}{{32}}(?!\w)"),
    _started("typeform", "tfp_", r"[\w.=-]{40,70}"),
    _started("vault", "hvs. hvb. hvr.", rf"{_WORD}{{24,300}}"),
    _started("xai", "xai-", rf"{_ALNUM}{{60,100}}"),
    _started("jwt", "eyJ", r"[\w-]{14,1000}\.eyJ[\w-]{10,2000}\.[\w-]{10,1000}", 3.5),
    _started("private-key", "-----BEGIN", _PRIVATE.removeprefix("-----BEGIN"), 3.5),
    _started("private-key", "PuTTY-User-Key-File-", r"[\s\S]{0,2000}?Private-Lines: \d+\s+(?P<secret>[\w+/=]{30,100})"),
    _started("azure", "AccountKey= SharedAccessKey= SharedSecret=", r"(?P<secret>[A-Za-z0-9+/]{40,90}={1,2})", 3.5),
    Form("azure", (), r"[\w~.]{3}\dQ~[\w~.-]{31,34}", 3.5),
    _started("bearer", "Bearer bearer", r"[ \t]+(?P<secret>(?=[A-Za-z._~+/-]{0,200}\d)[\w.~+/-]{20,300}={0,2})", 3.2),
    _started("basic-auth", "Basic", r" (?P<secret>(?=[A-Za-z+/]{0,200}\d)[A-Za-z0-9+/]{16,200}={0,2})(?![\w ])", 3.2),
)
"""Formats that say themselves what they are."""

_USER = r"[^\s:/@\"'`<>()\[\]{},]{0,100}"
_PASSWORD = r"(?P<secret>[^\s:/@\"'`<>()\[\]{},|\\]{3,200})"  # noqa: S105 - the pattern of one

CREDENTIALS = (
    Form("url-password", (), rf"[A-Za-z][A-Za-z0-9+.-]{{1,20}}://{_USER}:{_PASSWORD}@(?=[\w\[$])"),
    Form("dsn-password", (), rf"(?=\w)[\w.-]{{1,64}}:{_PASSWORD}@(?:tcp|udp|unix)\("),
    Form("netrc", ("machine ",), rf"machine \S{{1,100}}\s{{1,9}}login \S{{1,100}}\s{{1,9}}password {_PASSWORD}"),
)
"""Places where a password stands by its form; what it looks like decides."""
