"""CPU seconds of each module of tests: `python3 dev.py test -n 2 -p tests.cpu` measures them and writes slow.txt.

Children that a test waits for count with it; servers that outlive a test do not.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SLOW = Path(__file__).parent / "slow.txt"
MOST_S = 3.0  # of a module in the quick tier
_seconds: Counter[str] = Counter()


def slow_modules() -> set[str]:
    """The modules that take longer, as paths from the root of the repository."""
    return set(SLOW.read_text(encoding="utf-8").split())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure a test with its fixtures."""
    began = sum(os.times()[:4])
    try:
        return (yield)
    finally:
        _seconds[item.nodeid.partition("::")[0]] += sum(os.times()[:4]) - began  # type: ignore[assignment]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a process of xdist measured."""
    _seconds.update(getattr(node, "workeroutput", {}).get("cpu", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the seconds to the process that started this one, or write the list."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["cpu"] = dict(_seconds)
        return
    slow = {module for module, seconds in _seconds.items() if seconds > MOST_S}
    left = slow_modules() - set(_seconds)  # what was not run stays as it was
    SLOW.write_text("".join(f"{module}\n" for module in sorted(slow | left)), encoding="utf-8")
