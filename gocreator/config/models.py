"""Who is asked: the configured providers, and for each role a ladder of models. Nobody, unless a provider is named."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from gocreator.config.kinds import Kind, WrongValue, read_duration, read_value
from gocreator.config.ownprices import OwnPrice, read_prices
from gocreator.config.settings import Rank, Setting
from gocreator.config.suggest import closest
from gocreator.errors import Location, Problem

ROLES = ("planner", "coder", "reviewer")
_IDLE_ROLES = ("clarifier", "tester")
"""The original's; they have no work here."""
KINDS = ("anthropic", "openai")
_DEFAULTS = {
    "anthropic": {"planner": "claude-opus-5-5", "coder": "claude-sonnet-5-5", "reviewer": "claude-haiku-5-5"},
    "openai": {"planner": "gpt-6.2-sol", "coder": "gpt-6.1-sol", "reviewer": "gpt-6.1-terra"},
}
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""How hard a model may think, as the two APIs have it; not every model knows each."""
_EFFORT = "medium"
"""Of the models that are chosen here; one that a user names thinks as hard as is its way, if nothing is said."""
_VARIABLES = {
    "anthropic": ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
    "openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
}
_PROVIDER_KEYS = ("type", "model", "effort", "api_key", "endpoint", "base_url", "api", "timeout", "parameters")
_RUNG_KEYS = ("provider", "model", "effort", "fallback", "parameters")
_RETRY = {"max_attempts": Kind.INT, "initial_backoff": Kind.DURATION, "max_backoff": Kind.DURATION}
_RETRY_KEYS = (*_RETRY, "multiplier")
_LIMIT_KEYS = ("requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute")


@dataclass(frozen=True)
class RateLimits:
    """How much of a provider may be used in a minute, all its models together; None: what its headers say."""

    requests: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True)
class ConfiguredProvider:
    """A provider that may be asked."""

    name: str
    kind: Literal["anthropic", "openai"]
    key: str = field(default="", repr=False)
    """Empty: nobody gave one."""
    base_url: str = ""
    named: bool = False
    """A file names the address."""
    api: Literal["auto", "responses", "chat"] = "auto"
    timeout: float = 600.0
    """Seconds in which the next piece of an answer must arrive."""
    model: str = ""
    """Its model, where a rung names none; empty: the default of the role."""
    effort: str = ""
    limits: RateLimits = field(default_factory=RateLimits)


@dataclass(frozen=True)
class ConfiguredRung:
    """One of those whom a role asks in turn."""

    provider: str
    model: str
    effort: str = ""


@dataclass(frozen=True)
class Retry:
    """How often and how long a call is tried again; seconds."""

    max_attempts: int = 5
    initial_backoff: float = 1.0
    max_backoff: float = 30.0
    multiplier: float = 2.0


@dataclass(frozen=True)
class Models:
    """Everything that is configured about models."""

    providers: Mapping[str, ConfiguredProvider] = field(default_factory=dict)
    """Those that a ladder names."""
    ladders: Mapping[str, tuple[ConfiguredRung, ...]] = field(default_factory=dict)
    """By role; a role that is not there asks nobody."""
    retry: Retry = field(default_factory=Retry)
    prices: Mapping[str, OwnPrice] = field(default_factory=dict)
    """What the user says that models cost, by their names."""


def read_models(setting: Callable[[str], Setting], env: Mapping[str, str]) -> tuple[Models, list[Problem]]:
    """Read what the settings say about models; what is wrong is returned, each with its place."""
    reading = _Reading(setting, env)
    return reading.models(), reading.problems


class _Reading:
    """Reads the settings about models."""

    def __init__(self, setting: Callable[[str], Setting], env: Mapping[str, str]) -> None:
        self.setting = setting
        self.env = env
        self.problems: list[Problem] = []
        self.known = {kind: self._provider(kind, {}, None) for kind in KINDS}

    def models(self) -> Models:
        """Read everything."""
        section = self.setting("providers")
        for name, value in self._entries(section):
            self.known[name] = self._provider(name, value, section.at((name,)))
        self._read_limits()
        default = self._default()
        ladders = {role: ladder for role in ROLES if (ladder := self._ladder(role, default))}
        self._check_roles()
        names = [rung.provider for ladder in ladders.values() for rung in ladder]
        for provider in (self.known[name] for name in dict.fromkeys(names)):
            self._check_address(provider)
        prices, problems = read_prices(self.setting)
        self.problems += problems
        return Models({name: self.known[name] for name in names}, ladders, self._retry(), prices)

    def _read_limits(self) -> None:
        """Read the rate limits of providers."""
        section = self.setting("llm.rate_limits")
        for name, value in (section.value or {}).items():
            if not self._named(name, section.at((name,), key=True)):
                continue
            if isinstance(value, Mapping):
                self.known[name] = replace(self.known[name], limits=self._limits(name, value))
            elif value is not None:
                message = f"`llm.rate_limits.{name}` is a section, it holds {_listed(_LIMIT_KEYS)}"
                self._wrong(section.at((name,)), message)

    def _limits(self, name: str, value: Mapping[str, Any]) -> RateLimits:
        """Read the rate limits of one provider."""
        self._unknown("llm.rate_limits", (name,), value, _LIMIT_KEYS)
        read = {key: self._read("llm.rate_limits", (name, key), Kind.INT, value.get(key)) for key in _LIMIT_KEYS}
        for key, limit in read.items():
            if limit is not None and limit < 1:
                place = self.setting("llm.rate_limits").at((name, key))
                self._wrong(place, f"`{key}`: expected 1 or more", "leave it out if there is no limit")
        return RateLimits(*read.values())

    def _default(self) -> str:
        """Return the provider of whoever names none; empty: nobody is asked."""
        chosen, original = self.setting("llm.provider"), self.setting("default_provider")
        setting = original if chosen.rank is Rank.DEFAULT else chosen
        name = setting.value or ""
        if name in ("", "none"):
            return ""
        return self._named(name, setting.at(())) or ""

    def _named(self, name: Any, place: Location) -> str | None:
        """Return the name of a provider that there is."""
        if isinstance(name, str) and name in self.known:
            return name
        if name == "google":
            self._wrong(place, "the provider google is not supported", f"there are {_listed(KINDS)}")
            return None
        hint = (
            closest(str(name), list(self.known)) or f"there are {_listed(tuple(self.known))}, and those of `providers`"
        )
        self._wrong(place, f"there is no provider `{name}`", hint)
        return None

    def _provider(self, name: str, value: Mapping[str, Any], place: Location | None) -> ConfiguredProvider:
        """Read an entry of `providers`; the two that are always there need none."""
        kind = value.get("type") or (name if name in KINDS else "")
        if place is not None and kind not in KINDS:
            said = "google is not supported" if kind == "google" else f"provider `{name}` has no `type` that there is"
            self._wrong(self._at("providers", name, "type", value), said, f"there are {_listed(KINDS)}")
        if place is not None:
            self._unknown("providers", (name,), value, _PROVIDER_KEYS)
        kind = kind if kind in KINDS else "openai"
        api = self._choice(name, value, "api", ("auto", "responses", "chat")) or self.setting("llm.api").value
        key, base_url, is_named = self._way(name, kind, value)
        return ConfiguredProvider(
            name=name,
            kind=cast("Literal['anthropic', 'openai']", kind),
            key=key,
            base_url=base_url,
            named=is_named,
            api=api,
            timeout=self._timeout(name, value),
            model=self._text("providers", (name, "model"), value.get("model")),
            effort=self._text("providers", (name, "effort"), value.get("effort")),
        )

    def _way(self, name: str, kind: str, value: Mapping[str, Any]) -> tuple[str, str, bool]:
        """Return a provider's key and address, and whether a file names it: no key of the environment goes there."""
        key_variable, url_variable = _VARIABLES[kind]
        own = self._text("providers", (name, "endpoint"), value.get("endpoint") or value.get("base_url"))
        key = self._text("providers", (name, "api_key"), value.get("api_key"))
        provider, given = self.setting("llm.provider"), self.setting("llm.api_key")
        if not key and provider.value == name and given.rank >= provider.rank:  # else it is another provider's key
            key = given.value or ""
        if not key and not own:
            key = self.env.get(key_variable, "")
        # A key that was read from a file often has its line end.
        return key.strip(), own or self.env.get(url_variable, ""), bool(own)

    def _check_address(self, provider: ConfiguredProvider) -> None:
        if provider.base_url and not re.match(r"https?://[^/]", provider.base_url):
            variable = _VARIABLES[provider.kind][1]
            place = self.setting("providers").at((provider.name,)) if provider.named else Location(variable)
            self._wrong(place, f"the address of {provider.name} is none", "write one such as https://127.0.0.1:8000/v1")

    def _timeout(self, name: str, value: Mapping[str, Any]) -> float:
        text = value.get("timeout")
        if text is None:
            return cast("float", self.setting("llm.timeout").value)
        return cast("float", self._read("providers", (name, "timeout"), Kind.DURATION, text) or 600.0)

    def _ladder(self, role: str, default: str) -> tuple[ConfiguredRung, ...]:
        """Return whom a role asks: what is said at the highest place counts, and there the role's own word."""
        named, original = self.setting("llm.roles"), self.setting("roles")
        section, key = (named, "llm.roles") if _has(named, role) else (original, "roles")
        provider, model = self.setting("llm.provider"), self.setting("llm.model")
        if not _has(section, role) or provider.rank > section.rank:
            return (self._rung(role, default, {}, self._model()),) if default else ()
        value = section.value[role]
        listed = isinstance(value, list | tuple)
        found: list[ConfiguredRung] = []
        for number, rung in enumerate(value if listed else [value]):
            found += self._rungs(role, default, key, (role, number) if listed else (role,), rung)
        if found and model.rank > section.rank:
            return (ConfiguredRung(found[0].provider, model.value),)
        return tuple(found)

    def _model(self) -> str:
        """Return the model of whoever names none; one that was said of another provider does not count."""
        model = self.setting("llm.model")
        return model.value or "" if model.rank >= self.setting("llm.provider").rank else ""

    def _rungs(self, role: str, default: str, key: str, path: tuple[Any, ...], rung: Any) -> Iterator[ConfiguredRung]:
        """Read a rung, and those that stand behind it in the original's way."""
        section = self.setting(key)
        if isinstance(rung, str):
            rung = {"provider": rung}
        if not isinstance(rung, Mapping):
            self._wrong(section.at(path), f"`{key}.{role}`: expected provider, model and effort")
            return
        self._unknown(key, path, rung, _RUNG_KEYS)
        given = rung.get("provider")
        name = self._named(given, section.at((*path, "provider"))) if given else default
        if not name:
            if not given:
                self._wrong(section.at(path), f"`{key}.{role}` names no provider", "name one, or set `llm.provider`")
            return
        texts = {word: self._text(key, (*path, word), rung.get(word)) for word in ("model", "effort")}
        yield self._rung(role, name, texts, "" if given else self._model())
        behind_it = rung.get("fallback") or ()
        for number, other in enumerate([behind_it] if isinstance(behind_it, str) else behind_it):
            behind = self._named(other, section.at((*path, "fallback", number)))
            if behind:
                yield self._rung(role, behind, {}, "")

    def _rung(self, role: str, name: str, texts: Mapping[str, str], model: str | None) -> ConfiguredRung:
        """Complete a rung from its provider and the defaults."""
        provider = self.known[name]
        named = texts.get("model") or model or provider.model
        effort = self._effort(role, texts.get("effort", "")) or provider.effort or ("" if named else _EFFORT)
        return ConfiguredRung(name, named or _DEFAULTS[provider.kind][role], effort)

    def _effort(self, role: str, effort: str) -> str:
        if effort and effort not in EFFORTS:
            place = self.setting("llm.roles" if _has(self.setting("llm.roles"), role) else "roles").at((role,))
            hint = closest(effort, list(EFFORTS)) or f"there are {_listed(EFFORTS)}"
            self._wrong(place, f"there is no effort `{effort}`", hint)
        return effort

    def _check_roles(self) -> None:
        for key in ("llm.roles", "roles"):
            section = self.setting(key)
            for role in section.value or {}:
                if role not in (*ROLES, *_IDLE_ROLES):
                    hint = closest(str(role), list(ROLES)) or f"there are {_listed(ROLES)}"
                    self._wrong(section.at((role,), key=True), f"there is no role `{role}`", hint)
                elif not section.value[role]:
                    self._wrong(section.at((role,)), f"the role `{role}` names nobody", "name a model, or leave it out")

    def _retry(self) -> Retry:
        section = self.setting("retry")
        value: Mapping[str, Any] = section.value or {}
        self._unknown("retry", (), value, _RETRY_KEYS)
        read = {name: self._read("retry", (name,), kind, value.get(name)) for name, kind in _RETRY.items()}
        read["multiplier"] = self._read("retry", ("multiplier",), Kind.FLOAT, value.get("multiplier"))
        made = Retry(**{name: number for name, number in read.items() if number is not None})
        attempts = self.setting("llm.max_attempts")
        if attempts.rank >= section.rank and (attempts.rank is not Rank.DEFAULT or not value):
            made = replace(made, max_attempts=attempts.value)
        if not 1 <= made.max_attempts <= 10:
            self._wrong(section.at(("max_attempts",)), "`retry.max_attempts`: expected 1 to 10")
        if not 1 < made.multiplier < float("inf"):
            self._wrong(section.at(("multiplier",)), "`retry.multiplier`: expected more than 1")
        return made

    def _entries(self, section: Setting) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, value in (section.value or {}).items():
            if isinstance(value, Mapping):
                yield name, value
            else:
                self._wrong(section.at((name,)), f"provider `{name}` is a section: type, model, api_key, endpoint")

    def _unknown(self, key: str, path: tuple[Any, ...], value: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for name in value:
            if name not in known:
                hint = closest(str(name), list(known)) or f"there are {_listed(known)}"
                self._wrong(self.setting(key).at((*path, name), key=True), f"unknown option `{name}`", hint)

    def _choice(self, name: str, value: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> Any:
        chosen = value.get(key)
        if chosen is not None and chosen not in choices:
            self._wrong(self.setting("providers").at((name, key)), f"`{key}`: expected one of {_listed(choices)}")
            return None
        return chosen

    def _text(self, key: str, path: tuple[Any, ...], value: Any) -> str:
        """Read a text; what it is instead is not told, because it may be a key."""
        if value is None or isinstance(value, str):
            return value or ""
        self._wrong(self.setting(key).at(path), f"`{path[-1]}`: expected text")
        return ""

    def _read(self, key: str, path: tuple[Any, ...], kind: Kind, value: Any) -> Any:
        if value is None:
            return None
        try:
            return read_duration(value) if kind is Kind.DURATION and isinstance(value, str) else read_value(kind, value)
        except WrongValue:
            self._wrong(self.setting(key).at(path), f"`{path[-1]}`: expected {kind}")
            return None

    def _at(self, key: str, name: str, word: str, value: Mapping[str, Any]) -> Location:
        return self.setting(key).at((name, word) if word in value else (name,))

    def _wrong(self, place: Location, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place, message, hint))


def _has(section: Setting, role: str) -> bool:
    return bool((section.value or {}).get(role))


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)
