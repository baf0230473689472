import pytest
from hypothesis import given
from hypothesis import strategies as st

from gocreator.config.kinds import WrongValue, read_duration, read_value, write_duration, write_value
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
    [("5m", 300), ("60s", 60), ("1h30m", 5400), ("1.5h", 5400), ("250ms", 0.25), ("1m0.5s", 60.5), (".5s", 0.5)],
)
def test_durations_are_gos(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "-5m", "5d", "5m!", "5mm"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(WrongValue, match="duration"):
        read_duration(text)


@given(st.integers(0, 10**7).map(lambda milliseconds: milliseconds / 1000))
def test_durations_survive_writing(seconds: float) -> None:
    assert read_duration(write_duration(seconds)) == pytest.approx(seconds)
