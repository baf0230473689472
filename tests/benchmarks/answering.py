"""What the emulated models answer with: what the templates write, and code in place of skeletons."""

from pathlib import Path

from tests.benchmarks.asking import BUILD, Asking
from tests.benchmarks.measuring import measure
from tests.benchmarks.subjects import Subject

UNFINISHED = {
    "not implemented yet": "emulated",
    "not enforced yet": "emulated",
    "errors.ErrUnsupported": 'errors.New("emulated")',
    "http.StatusNotImplemented": "http.StatusServiceUnavailable",
}
"""What tells a skeleton, with what stands there in an answer: a model's skeleton would be refused."""
LOGIC = "// A model would write a line of code here, of about this length.\n" * 60
"""What a skeleton is longer by in an answer, for the logic that it lacks."""


def answered(subject: Subject, root: Path) -> Path:
    """Build a project offline below `root`, and return the directory with what models answer."""
    offline = Asking(root / "offline", root)
    offline.write(subject)
    _write(offline.folder, subject)
    measure([*BUILD, "--no-verify", "--origin", "template"], offline.folder)
    answers = offline.folder / "generated"
    _write(answers, subject)
    for place in answers.rglob("*.go"):
        text = place.read_text()
        if not place.name.endswith("_test.go") and any(word in text for word in UNFINISHED):
            place.write_text(finished(text))
    return answers


def finished(skeleton: str) -> str:
    """Return a file that no longer says that it is a skeleton, and is as long as if it were none."""
    for word, instead in UNFINISHED.items():
        skeleton = skeleton.replace(word, instead)
    return f"{skeleton}\n{LOGIC}"


def _write(folder: Path, subject: Subject) -> None:
    for path, text in subject.contracts.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
