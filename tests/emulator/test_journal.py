"""What is kept of calls, and what they cost at the prices of the providers' pages."""

from pathlib import Path

import anthropic
import openai
import pytest

from tests.emulator.faults import Status
from tests.emulator.journal import Entry, Journal, entries
from tests.emulator.prices import PRICES
from tests.emulator.prompts import Bill
from tests.emulator.server import Emulator
from tests.emulator.settings import Settings

BILL = Bill(read=100_000, short=20_000, long=10_000, plain=1_000)


@pytest.mark.parametrize(
    ("model", "billed", "cost"),
    [
        # 1,000 + 0.05 * 100,000 + 1.25 * 20,000 + 2 * 10,000 are 51,000 tokens of $2, and 5,000 of $10
        ("claude-sonnet-5-5", 51_000, 0.152),
        # the same, for reads cost the same share; written for 12 hours is 2.5 times
        ("gpt-6.1-sol", 56_000, 0.162),
        # 0.1 * 100,000 more, at $5 and $25
        ("claude-opus-4-6", 56_000, 0.405),
    ],
)
def test_each_count_is_charged_at_its_rate(model: str, billed: float, cost: float) -> None:
    assert PRICES[model].billed(BILL) == pytest.approx(billed)
    assert PRICES[model].cost(BILL, 5_000) == pytest.approx(cost)


def test_a_call_is_written_down_when_it_ends(tmp_path: Path) -> None:
    place = tmp_path / "calls"
    with Journal(place) as journal, Emulator(Settings(source={"a.go": "package a\n"}, told=journal)) as emulator:
        emulator.on(Status(529))
        with anthropic.Anthropic(api_key="k", base_url=emulator.url, max_retries=0) as claude:
            with pytest.raises(anthropic.APIStatusError):
                _ask(claude, "refused, so not written down")
            _ask(claude, '<file path="a.go"/>')
        with openai.OpenAI(api_key="k", base_url=emulator.openai_url, max_retries=0) as gpt:
            gpt.responses.create(model="gpt-6.1-sol", input='<file path="a.go"/><file path="b.go"/>')
        first, second = entries(place)
        assert [first, second] == [Entry.of(call) for call in emulator.calls[1:]]
    assert (first.model, first.wanted, first.bill) == ("claude-sonnet-5-5", ("a.go",), Bill(plain=5))
    assert (second.model, second.wanted, second.bill) == ("gpt-6.1-sol", ("a.go", "b.go"), Bill(plain=10))
    assert 0 < first.arrived <= first.began <= first.ended <= second.arrived
    assert first.began <= first.closed["a.go"] <= first.ended
    assert first.billed == 5
    assert first.cost == pytest.approx((5 * 2 + first.output * 10) / 1e6)


def _ask(claude: anthropic.Anthropic, text: str) -> None:
    claude.messages.create(model="claude-sonnet-5-5", max_tokens=99, messages=[{"role": "user", "content": text}])
