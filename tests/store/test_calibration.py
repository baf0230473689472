"""What earlier calls taught about estimates is kept, fades, and is never in the way."""

from pathlib import Path

import pytest

from gocreator.store.calibration import Calibration, Learned, Off, read_calibration

MODEL = "anthropic claude-sonnet-5-5"


def seen(times: float) -> Learned:
    return Learned(Off(1000, 1000 * times), Off(500, 500 * times), Off(10, 10 * times))


def after(path: Path, *runs: float) -> Calibration:
    for times in runs:
        found = read_calibration(path)
        found.learn(MODEL, seen(times))
        path.write_text(found.text)
    return read_calibration(path)


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    found = read_calibration(tmp_path / "calibration.json")
    assert not found.of(MODEL).known
    assert found.of(MODEL).input.factor == 1
    assert found.text == ""


def test_one_run_is_enough(tmp_path: Path) -> None:
    found = after(tmp_path / "calibration.json", 1.5).of(MODEL)
    assert (found.input.factor, found.output.factor, found.seconds.factor) == (1.5, 1.5, 1.5)
    assert found.known


def test_calls_of_one_run_count_by_their_size() -> None:
    found = Calibration()
    found.learn(MODEL, Learned(Off(900, 900)))
    found.learn(MODEL, Learned(Off(100, 200)))
    assert '"input": [\n        1000,\n        1100\n' in found.text.replace("1000.0", "1000").replace("1100.0", "1100")


def test_the_last_run_counts_most_and_models_are_apart(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    found = after(path, 1.0, 1.0, 2.0)
    assert 1.7 < found.of(MODEL).input.factor < 2
    assert not found.of("openai gpt-6.1-sol").known
    other = read_calibration(path)
    other.learn("openai gpt-6.1-sol", seen(0.5))
    path.write_text(other.text)
    assert read_calibration(path).of(MODEL) == found.of(MODEL)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"version": 2, "models": {}}',
        '{"version": 1, "models": {"anthropic claude-sonnet-5-5": [1]}}',
        f'{{"version": 1, "models": {{"{MODEL}": {{"input": [1, 1e9], "output": [0, 0], "seconds": [1, NaN]}}}}}}',
    ],
)
def test_a_file_that_makes_no_sense_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(text)
    found = read_calibration(path).of(MODEL)
    assert (found.input.factor, found.output.factor, found.seconds.factor) == (1, 1, 1)
