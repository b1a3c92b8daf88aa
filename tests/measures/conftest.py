"""Large generated logs, mined once a session, with the oracles' answers."""

from __future__ import annotations

from functools import cache

import pytest

from tests.measures.adapter import Tables, expected, mined
from tests.strategies import random_log

KINDS = {"spans": {}, "points": {"points": True}, "no teams": {"team": None}, "one system": {"source_system": "crm"}}


@cache
def _both(kind: str) -> tuple[Tables, Tables]:
    log = random_log(7, 600, **KINDS[kind])
    return expected(log), mined(log)


@pytest.fixture(params=list(KINDS))
def generated(request: pytest.FixtureRequest) -> tuple[Tables, Tables]:
    """(what the oracles answer, what the measures made) of a generated log of one kind."""
    return _both(request.param)
