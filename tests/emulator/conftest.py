"""The real SDKs, pointed at the emulator."""

from collections.abc import Iterator

import anthropic
import openai
import pytest

from tests.emulator.server import Emulator


@pytest.fixture
def claude(emulator: Emulator) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(api_key="k", base_url=emulator.url, max_retries=0, timeout=10) as client:
        yield client


@pytest.fixture
def gpt(emulator: Emulator) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key="k", base_url=emulator.openai_url, max_retries=0, timeout=10) as client:
        yield client
