import pytest
from hypothesis import given
from hypothesis import strategies as st

from gocreator.config.kinds import (
    WrongValue,
    read_duration,
    read_size,
    read_value,
    write_duration,
    write_size,
    write_value,
)
from gocreator.config.options import BY_ENVIRONMENT, OPTIONS, SECTIONS, Option


@pytest.mark.parametrize("option", [option for option in OPTIONS if option.default is not None], ids=lambda o: o.key)
def test_every_default_is_a_value_that_a_user_could_give(option: Option) -> None:
    value = read_value(option.kind, write_value(option.kind, option.default))
    option.check(value)
    assert value == option.default


def test_names_are_unique() -> None:
    assert len({option.key for option in OPTIONS}) == len(OPTIONS)
    assert not {option.key for option in OPTIONS} & SECTIONS
    assert len(BY_ENVIRONMENT) == sum(bool(option.environment) for option in OPTIONS)
    assert all(option.help for option in OPTIONS)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5m", 300),
        ("60s", 60),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("250ms", 0.25),
        ("1m0.5s", 60.5),
        (".5s", 0.5),
        ("90d", 7_776_000),
        ("1d12h", 129_600),
    ],
)
def test_durations_are_gos_and_days(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "-5m", "5w", "5m!", "5mm"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(WrongValue, match="duration"):
        read_duration(text)


@given(st.integers(0, 10**7).map(lambda milliseconds: milliseconds / 1000))
def test_durations_survive_writing(seconds: float) -> None:
    assert read_duration(write_duration(seconds)) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "size"),
    [("1GiB", 2**30), ("500MB", 500_000_000), ("1.5 kib", 1536), ("7b", 7), ("2tb", 2 * 10**12), ("10kB", 10_000)],
)
def test_sizes_are_read_in_both_systems_of_units(text: str, size: int) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "5", "GiB", "-1GiB", "1GiBB", "1 G", "1ib", "1e3MB", "1PiB", "1,5MB", "9" * 400 + "GB"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(WrongValue, match="size"):
        read_size(text)


@given(st.integers(0, 2**45) | st.integers(0, 2000).map(lambda number: number * 2**20))
def test_sizes_survive_writing(size: int) -> None:
    assert read_size(write_size(size)) == size


def test_days_and_sizes_are_written_as_people_do() -> None:
    assert write_duration(90 * 86400) == "90d"
    assert write_duration(36 * 3600) == "36h"
    assert (write_size(2**30), write_size(500_000_000), write_size(10_000), write_size(7)) == (
        "1GiB",
        "500MB",
        "10kB",
        "7B",
    )
