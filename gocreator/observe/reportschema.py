"""What report.json holds, as types; `gocreator schema report` publishes them as a JSON Schema.

Times are in seconds, sums in US dollars; None stands for what nobody knows.
"""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

FORMAT = 1
"""The version of the shape; what is added does not raise it."""


class TargetRecord(TypedDict):
    """What happened to a file; up to date ones are only counted."""

    path: str
    action: Literal["built", "kept", "outdated", "failed", "removed", "disowned"]
    reasons: NotRequired[list[str]]
    rule: NotRequired[str]
    phase: NotRequired[str]
    origin: NotRequired[Literal["template", "model"]]
    seconds: NotRequired[float]
    started: NotRequired[float]
    """Seconds since the run's first event."""
    skeleton: NotRequired[bool]
    stale: NotRequired[bool]
    planned: NotRequired[str]
    """Where the text lies that a kept file would have."""
    code: NotRequired[str]
    """Of a failure: what `gocreator explain` says more about."""


class CallRecord(TypedDict):
    """One call of a model."""

    id: str
    purpose: Literal["write", "plan", "repair", "review"]
    provider: str
    model: str
    targets: list[str]
    attempts: int
    """So many requests were sent for it; 0: it did not come to its turn."""
    started: float
    seconds: float
    ttft_seconds: float | None
    """Until the first text of the answer."""
    stop: str
    """`done`, `length`, `refused`, `other`; `failed` if there is no answer, or only its beginning."""
    failure: str
    input_tokens: int | None
    """Those neither read from the provider's cache nor written to it."""
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    saved_usd: float | None
    """What the provider's cache saved."""


class Summed(TypedDict):
    """What some calls come to."""

    calls: int
    seconds: float
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    cache_hit_rate: float
    cost_usd: float | None


class PhaseRecord(Summed):
    """A phase of the build: its files and its calls; `seconds` are those of its files, `call_seconds` of its calls."""

    phase: str
    built: int
    call_seconds: float


class ProviderRecord(Summed):
    """What the calls of one model come to."""

    provider: str
    model: str
    ttft_p95_seconds: float | None
    waited_seconds: float
    """For rate limits, and before calls that had failed."""


class RepairRecord(TypedDict):
    """A file that was asked for once more, because it did not pass."""

    path: str
    attempt: int
    provider: str
    model: str
    messages: list[str]
    fixed: bool
    message: str
    """Why there is no repaired file."""
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: float


class FindingRecord(TypedDict):
    """One thing that a reviewer has to say."""

    severity: Literal["error", "warning", "info"]
    line: int
    what: str
    why: str


class ReviewRecord(TypedDict):
    """The review of a file."""

    path: str
    provider: str
    model: str
    reused: bool
    """The same text was reviewed by an earlier build."""
    findings: list[FindingRecord]


class ApiChangeRecord(TypedDict):
    """A file whose public API is no longer what it was."""

    path: str
    changes: list[str]


class RequirementRecord(TypedDict):
    """A requirement, the files that are made with it in view, and the tests of these."""

    requirement: str
    said: str
    targets: list[str]
    tests: list[str]


class Advice(TypedDict):
    """Something that can be gained, and the setting that gains it."""

    what: str
    setting: str


class Metrics(TypedDict):
    """The specification's GenerationMetrics."""

    total_duration: float
    phase_timings: dict[str, float]
    """Files that were made side by side count each."""
    llm_call_duration: float
    """Of all calls together, those side by side counted each."""
    template_generation: float
    verify_duration: float
    total_input_tokens: int
    """Uncached ones, those read from the provider's cache and those written there."""
    total_output_tokens: int
    cached_tokens: int
    """Those that were read from the provider's cache."""
    tokens_saved: int
    """Those that were not billed in full, because they were read from the cache."""
    cache_read_tokens: int
    cache_write_tokens: int
    cache_hit_rate: float
    """Which part of the input was read from the cache, from 0 to 1."""
    cache_hit_rates: dict[str, float]
    cache_hits: int
    """Calls that read anything from the cache."""
    cache_misses: int
    total_llm_calls: int
    """Attempts."""
    batched_calls: int
    spared_calls: int
    """So many more there would be if each had asked for a single file."""
    """Those for several files."""
    template_files: int
    llm_generated_files: int
    reused_artifacts: int
    repairs: int
    reviews: int
    estimated_cost_usd: float
    """What the usage comes to that was billed."""
    unpriced_calls: int
    """Calls of which nobody knows what they cost."""
    cost_breakdown: dict[str, float | None]
    saved_by_cache_usd: float | None
    parallel_phases: int
    """Phases with several calls at once."""
    times_saved: float
    """By making calls side by side."""
    ttft_p95_seconds: dict[str, float | None]
    """By provider: what the time to the first text of 95 in 100 calls did not exceed."""


class RunReport(TypedDict):
    """The report of a run as plain data: what report.json holds."""

    version: int
    run: str
    """The name of the run, and of its folder below `.gocreator/reports`."""
    started_at: str
    command: str
    fcs: str
    output: str
    exit_code: int
    counts: dict[str, int]
    """How many targets were `built`, `up_to_date`, `outdated`, `removed`, `kept`, `failed`."""
    left: int
    """How many of those that were to be made were not."""
    targets: list[TargetRecord]
    needs_provider: list[str]
    """The files that are skeletons, because no model was asked for them."""
    warnings: list[str]
    phases: list[PhaseRecord]
    providers: list[ProviderRecord]
    calls: list[CallRecord]
    repairs: list[RepairRecord]
    reviews: list[ReviewRecord]
    api_changes: list[ApiChangeRecord]
    requirements: list[RequirementRecord]
    verify: dict[str, Any]
    """`status`, `started`, and the `checks` with their `problems`."""
    verdict: str
    """The same in a few words."""
    advice: list[Advice]
    metrics: Metrics


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of report.json."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - most runs only write a report

    schema = TypeAdapter(RunReport).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"gocreator-report-{FORMAT}", **schema}
