"""What do we do on Monday? The findings of summary.json as cards, in their order."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

from miner.report import words

KINDS = {
    "handoff_loop": "Loop", "bottleneck": "Bottleneck", "cross_silo_path": "Between silos",
    "value_loss": "Value lost", "false_containment": "Solved by name only", "machine_customers": "Software as customer",
    "asked_again": "Asked again", "repeat_contact": "Repeat contact",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fix:
    """A finding as a card. `share_of_longest` scales the bar of hours; `at` are the boxes on the map `map`."""

    kind: str
    title: str
    hours: str | None
    share_of_longest: float
    journeys: str
    money: str | None
    sure: str
    map: str
    at: tuple[str, ...]
    examples: tuple[str, ...]
    command: str | None


def fixes(summary: dict[str, Any], shown: dict[str, str]) -> tuple[Fix, ...]:
    """The cards; `shown` maps owners to the names under which the report shows them."""
    findings = summary.get("findings") or []
    longest = max((f.get("hours") or 0 for f in findings), default=0)
    return tuple(_fix(f, summary["journeys"], longest, shown) for f in findings)


def _fix(finding: dict[str, Any], journeys: int, longest: float, shown: dict[str, str]) -> Fix:
    where = finding.get("where") or {}
    hours, count = finding.get("hours"), finding.get("journeys")
    title = words.bound(words.label(finding.get("title")))
    for team in sorted(where.get("teams") or (), key=len, reverse=True):
        title = title.replace(team, shown.get(team, team))
    kind = str(finding.get("kind"))
    return Fix(
        KINDS.get(kind, kind.replace("_", " ").capitalize()),
        title,
        words.hours(hours * 3600) if hours is not None else None,
        (hours or 0) / longest if longest else 0.0,
        words.of(count, journeys, "journeys") if count else "",
        _money(finding),
        _sure(finding),
        "process" if where.get("activity") else "teams",
        _at(where, shown),
        tuple(map(str, finding.get("examples") or ()))[:10],
        _command(finding, shown),
    )  # fmt: skip


def _at(where: dict[str, Any], shown: dict[str, str]) -> tuple[str, ...]:
    """One box, or two for the arrow between them; nothing for silos, which are frames around boxes."""
    path, teams = where.get("path") or [], where.get("teams") or []
    if where.get("activity"):
        return tuple(words.label(name) for name in (path if len(path) == 2 else [where["activity"]]))
    ordered = path if teams and set(path) == set(teams) else teams
    return tuple(words.label(shown.get(team, team)) for team in dict.fromkeys(ordered))[:2]


def _money(finding: dict[str, Any]) -> str | None:
    for key, text in (("money", "cost"), ("value", "value lost")):
        if finding.get(key) is not None:
            low, high = finding.get("low"), finding.get("high")
            span = (
                f" (between {words.number(low)} and {words.number(high)})"
                if low is not None and high is not None
                else ""
            )
            return f"{words.number(finding[key])} {text}{span}"
    return None


def _sure(finding: dict[str, Any]) -> str:
    n = finding.get("n")
    counted = f"Counted in {words.plural(n, 'case')}" if n else "Counted, not estimated"
    low, high = finding.get("low"), finding.get("high")
    if low is None or high is None or finding.get("money") is not None or finding.get("value") is not None:
        return counted
    return f"{counted}; between {low:,.3g} and {high:,.3g}"


def _command(finding: dict[str, Any], shown: dict[str, str]) -> str | None:
    if not finding.get("query"):
        return None
    params = {k: shown.get(v, v) if isinstance(v, str) else v for k, v in (finding.get("params") or {}).items()}
    given = [f"--param {shlex.quote(f'{k}={_written(v)}')}" for k, v in params.items()]
    return " ".join(["miner query", shlex.quote(str(finding["query"])), *given])


def _written(value: Any) -> str:
    """A parameter as the command line reads it: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
