"""What do we do on Monday? The findings of summary.json as cards, in their order."""

from __future__ import annotations

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
    """A finding as a card. `share_of_longest` scales the bar of hours; `teams` and `path` mark the place on the map."""

    kind: str
    title: str
    hours: str | None
    share_of_longest: float
    journeys: str
    money: str | None
    sure: str
    teams: tuple[str, ...]
    activity: str | None
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
    teams = tuple(where.get("teams") or ())
    if teams and set(where.get("path") or ()) == set(teams):  # in the order in which they are passed
        teams = tuple(dict.fromkeys(where["path"]))
    title = words.label(finding.get("title"))
    for team in sorted(teams, key=len, reverse=True):
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
        tuple(words.label(shown.get(t, t)) for t in teams),
        words.label(where["activity"]) if where.get("activity") else None,
        tuple(map(str, finding.get("examples") or ()))[:10],
        _command(finding, shown),
    )  # fmt: skip


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
    given = [f"--param {shlex.quote(f'{k}={v}')}" for k, v in params.items()]
    return " ".join(["miner query", shlex.quote(str(finding["query"])), *given])
