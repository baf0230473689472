"""What the emulated models are like, as their providers say: cache minimums, defaults, what each refuses."""

ANTHROPIC_MINIMUM = {
    "claude-fable-5-2": 512,
    "claude-mythos-5-2": 512,
    "claude-fable-5-1": 512,
    "claude-mythos-5-1": 512,
    "claude-fable-5": 512,
    "claude-mythos-5": 512,
    "claude-opus-5-5": 512,
    "claude-opus-5": 512,
    "claude-sonnet-5-5": 512,
    "claude-haiku-5-5": 512,
    "claude-opus-4-8": 1024,
    "claude-sonnet-5": 1024,
    "claude-sonnet-4-6": 1024,
    "claude-sonnet-4-5": 1024,
    "claude-opus-4-7": 2048,
    "claude-mythos-preview": 2048,
    "claude-opus-4-6": 4096,
    "claude-opus-4-5": 4096,
    "claude-haiku-4-5": 4096,
}
"""The smallest prefix that is cached, in tokens; and which models there are."""

PREFILL = {"claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"}
"""Those that still continue an assistant's message."""

NO_FORCED_TOOLS = {"claude-opus-5-5", "claude-sonnet-5-5"}

ALWAYS_THINKING = {"claude-opus-5-5", "claude-sonnet-5-5"}
"""Thinking cannot be `disabled`; Fable and Mythos 5.x too."""

DEFAULT_EFFORT = {"claude-opus-5-5": "medium", "claude-haiku-5-5": "medium"}
"""Others think with `high`. To say what is the default anyway is the same prompt."""

ANTHROPIC_OUTPUT = 128_000
ANTHROPIC_CONTEXT = {"claude-haiku-4-5": 200_000}
CONTEXT = 1_000_000

OPENAI_MINIMUM = 1024
OPENAI_OUTPUT = 128_000
OPENAI_CONTEXT = 1_050_000

OPENAI_MARKED = {
    "gpt-6.2-astra",
    "gpt-6.2-sol",
    "gpt-6.1-sol",
    "gpt-6.1-terra",
    "gpt-6-astra",
    "gpt-6-sol",
    "gpt-6-luna",
    "gpt-5.6-sol",
    "gpt-5.6-terra",
    "gpt-5.6-luna",
}
"""Caches of the second generation: breakpoints, exact boundaries, writes that cost."""

OPENAI_INTERVAL = {"gpt-5.5": 2048, "gpt-5.4": 128, "gpt-5.4-mini": 128, "gpt-5.4-nano": 128, "gpt-4.1": 128}
"""The first generation caches at fixed intervals, in tokens."""

OPENAI_EXTENDED = {"gpt-5.5", "gpt-5.4", "gpt-4.1"}
"""Of these, those that keep for longer than in memory, unless they are told otherwise."""

OPENAI_KEPT_LONG_ALONE = {"gpt-5.5"}

NO_EFFORT_NONE = {"gpt-6.2-astra", "gpt-6.2-sol", "gpt-6.1-sol"}


def always_thinks(model: str) -> bool:
    """Tell whether a model refuses `thinking: disabled`."""
    return model in ALWAYS_THINKING or model.startswith(("claude-fable-5-", "claude-mythos-5-"))


def samples(model: str) -> bool:
    """Tell whether an OpenAI model still takes temperature and its like."""
    return not model.startswith("gpt-6")
