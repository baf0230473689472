"""The options of what saves calls, tokens and time."""

from gocreator.config.kinds import Kind
from gocreator.config.option import Option, switch

MAX_TASKS = "optimization.parallelization.max_concurrent_tasks"

_STANDARD_FILES = (
    "go.mod",
    ".dockerignore",
    ".gitignore",
    ".golangci.yml",
    ".github/workflows/ci.yml",
    "Dockerfile",
    "Makefile",
    "README.md",
)
_CACHING = "optimization.prompt_caching"
_BATCHING = "optimization.batching"
_TEMPLATES = "optimization.templates"
_PARALLEL = "optimization.parallelization"
_INCREMENTAL = "optimization.incremental"
_CONTEXT = "optimization.context_window"

OPTIMIZATION = (
    switch(f"{_CACHING}.enabled", "mark the stable parts of prompts for the provider's cache", supported=True),
    switch(f"{_CACHING}.provider_support.anthropic", "do so for Anthropic", supported=True),
    switch(f"{_CACHING}.provider_support.openai", "do so for OpenAI", supported=True),
    switch(f"{_CACHING}.cache_stable_content", "mark what all prompts share", supported=True),
    switch(f"{_BATCHING}.enabled", "ask for several similar files in one call", supported=True),
    Option(f"{_BATCHING}.max_batch_size", Kind.INT, 5, "files in one call", supported=True, least=1),
    Option(
        f"{_BATCHING}.similarity_threshold",
        Kind.FLOAT,
        0.7,
        "how alike the contracts of files in one call must be",
        supported=True,
        least=0,
        most=1,
    ),
    switch(f"{_TEMPLATES}.enabled", "write files from templates where possible", supported=True),
    Option(
        f"{_TEMPLATES}.template_dir",
        Kind.PATH,
        None,
        "folder of rules and templates of your own",
        supported=True,
        flag="--template-dir",
    ),
    Option(
        f"{_TEMPLATES}.standard_files",
        Kind.LIST,
        _STANDARD_FILES,
        "files beside the Go code that are written",
        supported=True,
    ),
    switch(f"{_PARALLEL}.enabled", "work at several files at once; false means one at a time", supported=True),
    Option(
        MAX_TASKS,
        Kind.INT,
        4,
        "calls in flight at the same time, and files beside them",
        supported=True,
        flag="-n",
        least=1,
        most=256,
    ),
    switch(
        f"{_PARALLEL}.respect_dependencies",
        "contracts come before files; since files rely on those alone, none waits for another, whatever this says",
        supported=True,
    ),
    switch(f"{_INCREMENTAL}.enabled", "build only what changed", supported=True),
    Option(
        f"{_INCREMENTAL}.state_file",
        Kind.PATH,
        None,
        "where the state of a build is kept, if not in .gocreator",
        supported=True,
    ),
    Option(
        f"{_INCREMENTAL}.checksum_algorithm",
        Kind.TEXT,
        "sha256",
        "how files are told from edited ones",
        supported=True,
        choices=("sha256", "blake3"),
    ),
    switch(f"{_CONTEXT}.smart_filtering", "show a model only what a file needs", supported=True),
    Option(
        f"{_CONTEXT}.max_fcs_percentage",
        Kind.INT,
        40,
        "how much of the specification one call may carry",
        supported=True,
        least=1,
        most=100,
    ),
    switch(f"{_CONTEXT}.include_dependencies", "show a model the elements beside a file's own", supported=True),
)
