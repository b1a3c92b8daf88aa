"""How many of its seeds a statistical test takes: all where its floor is proved, a tenth with the other tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

Record = Callable[[str, object], None]  # pytest's record_property
PROVE = "PROVE"  # set by `dev.py prove`
PROVED = Path(__file__).parent / "proved.md"


def trials(count: int) -> range:
    """The seeds of a test: 0 to `count`, or the first tenth of them."""
    return range(count if os.environ.get(PROVE) else -(-count // 10))


def write_proved(reports: Iterable[pytest.TestReport]) -> None:
    """Write tests/proved.md: what each statistical test found with all of its seeds."""
    lines = [
        "# Statistical tests with all of their seeds",
        "",
        "Written by `python3 dev.py prove`; seeds run from 0. What a test holds is in its docstring.",
        "",
        "| test | found | outcome |",
        "|---|---|---|",
    ]
    for report in sorted(reports, key=lambda report: report.nodeid):
        found = ", ".join(f"{name} {value}" for name, value in report.user_properties)
        lines.append(f"| `{report.nodeid.removeprefix('tests/')}` | {found} | {report.outcome} |")
    PROVED.write_text("\n".join(lines) + "\n", encoding="utf-8")
