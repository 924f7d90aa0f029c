"""The models, learnt once for all tests: that takes half a minute and more."""

import pytest

from bot.understanding.examples import read_examples
from bot.understanding.live import Reader
from bot.understanding.training import train


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(train(list(read_examples())))
