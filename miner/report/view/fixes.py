"""What do we do on Monday? The findings of summary.json as cards, in their order."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from miner.report import words
from miner.report.view.cost import currency
from miner.summary import SavedFinding, Summary

KINDS = {
    "handoff_loop": "Loop",
    "bottleneck": "Bottleneck",
    "cross_silo_path": "Between silos",
    "value_loss": "Value lost",
    "false_containment": "False containment",
    "machine_customers": "Software customers",
    "asked_again": "Asked again",
    "repeat_contact": "Repeat contact",
}
_HINT = 30  # cases below which a finding may well be chance


@dataclass(frozen=True, slots=True)
class Fix:
    """A finding as a card; `facets` are other findings of the same problem.

    `share_of_longest` scales the bar of hours; `at` are the boxes on the map `map`.
    """

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
    facets: tuple[Fix, ...] = ()


def fixes(summary: Summary, shown: dict[str, str]) -> tuple[Fix, ...]:
    """The cards; `shown` maps owners to the names under which the report shows them."""
    findings = summary.get("findings") or []
    longest = max((f.get("hours") or 0 for f in findings), default=0)
    problems: dict[Any, list[Fix]] = {}
    for place, one in enumerate(findings):
        key = one.get("group") or f"alone {place}"
        problems.setdefault(key, []).append(_fix(one, summary, longest, shown))
    return tuple(replace(first, facets=tuple(rest)) for first, *rest in problems.values())


def _fix(finding: SavedFinding, summary: Summary, longest: float, shown: dict[str, str]) -> Fix:
    journeys, where = summary["journeys"], finding.get("where") or {}
    hours, count = finding.get("hours"), finding.get("journeys")
    title = words.bound(words.label(finding.get("title")))
    title = _renamed(title, where.get("teams") or (), shown)
    kind = str(finding.get("kind"))
    return Fix(
        KINDS.get(kind, kind.replace("_", " ").capitalize()),
        title,
        words.hours(hours * 3600) if hours is not None else None,
        (hours or 0) / longest if longest else 0.0,
        words.of(count, journeys, "journeys") if count else "",
        _money(finding, currency(summary.get("fragmentation_cost", {}))),
        _sure(finding),
        "process" if where.get("activity") else "teams",
        _at(where, shown),
        tuple(map(str, finding.get("examples") or ()))[:10],
        _command(finding, shown),
    )


def _renamed(title: str, teams: Sequence[str], shown: dict[str, str]) -> str:
    """The title with the names under which owners are shown: whole words only, and none of them twice."""
    names = "|".join(re.escape(team) for team in sorted(teams, key=len, reverse=True) if shown.get(team, team) != team)
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda match: shown[match[0]], title) if names else title


def _at(where: dict[str, Any], shown: dict[str, str]) -> tuple[str, ...]:
    """One box, or two for the arrow between them; nothing for silos, which are frames around boxes."""
    path, teams = where.get("path") or [], where.get("teams") or []
    if where.get("activity"):
        return tuple(words.label(name) for name in (path if len(path) == 2 else [where["activity"]]))
    ordered = path if teams and set(path) == set(teams) else teams
    return tuple(words.label(shown.get(team, team)) for team in dict.fromkeys(ordered))[:2]


def _money(finding: SavedFinding, unit: str) -> str | None:
    money, value, low, high = finding.get("money"), finding.get("value"), finding.get("low"), finding.get("high")
    if money is None and value is None:
        return None
    span = f" (between {words.number(low)} and {words.number(high)})" if low is not None and high is not None else ""
    if money is None:
        return f"{words.number(value)} value lost{span}"
    free = finding.get("unpriced_hours")
    left_out = f"; {words.hours(free * 3600)} without a rate are not in it" if free else ""
    return f"{words.number(money)} {f'{unit} cost of fragmentation, without value lost'.strip()}{span}{left_out}"


def _sure(finding: SavedFinding) -> str:
    n = finding.get("n")
    counted = f"Counted in {words.plural(n, 'case')}" if n else "Counted, not estimated"
    if n and n < _HINT:
        counted += ": a hint rather than a fact"
    low, high = finding.get("low"), finding.get("high")
    if low is None or high is None or finding.get("money") is not None or finding.get("value") is not None:
        return counted
    return f"{counted}; between {words.percent(low, 1)} and {words.percent(high, 1)}"


def _command(finding: SavedFinding, shown: dict[str, str]) -> str | None:
    if not finding.get("query"):
        return None
    params = {k: shown.get(v, v) if isinstance(v, str) else v for k, v in (finding.get("params") or {}).items()}
    given = [f"--param {shlex.quote(f'{k}={_written(v)}')}" for k, v in params.items()]
    return " ".join(["miner query", shlex.quote(str(finding["query"])), *given])


def _written(value: Any) -> str:
    """A parameter as the command line reads it: text as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
