"""What a workspace has to compute the components from, and why what it lacks is not computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miner.costs.rates import Rates
from miner.events.engine import Engine

_NO_ENDS = "no end times"


@dataclass(frozen=True)
class Inputs:
    """What there is to compute from: component → why it is not computed, and what was measured on the way."""

    not_computed: dict[str, str]
    repeats_known: bool
    measured: dict[str, Any]


def inputs(engine: Engine, rates: Rates, asks: bool, losses_known: bool) -> Inputs:
    """What the engine's tables lack; `asks` where an activity asks for something."""
    owned, systems, channels, intents, agents, events = engine.one(
        "SELECT count(*) FILTER (WHERE owned), count(source_system), count(channel), count(intent), count(agent), "
        "count(*) FILTER (WHERE coalesce(actor_type, 'unknown') NOT IN ('customer', 'system', 'rule')) "
        "FROM cost_events"
    )
    handled, people = engine.one("SELECT count(*), coalesce(sum(handled_us), 0) FROM handling_time")
    samples = {row[0] for row in engine.rows("SELECT component FROM cost_medians WHERE intent IS NULL")}
    nobody = None if owned else "no team and no agent column"
    no_ends = None if handled else _NO_ENDS
    no_contexts = None if channels or intents or agents else "no channel, intent or agent column"
    no_repeats = _no_repeats(engine)
    reasons = {
        "delay": nobody or (None if "delay" in samples else "no wait inside a visit to compare with"),
        "handoff": nobody
        or no_ends
        or (None if "handoff" in samples else "no visit with end times in a journey without a handoff"),
        "rework": no_ends,
        "information_gap": no_ends or (None if asks else "no activity of the log is declared as asking (ask_again)"),
        "system_boundary": (None if systems else "no system column") or _unset(rates, "system_boundary"),
        "context_shift": no_contexts or _unset(rates, "context_shift"),
        "repeat_contact": no_repeats or no_ends,
        "consequence": _no_outcomes(engine) or (None if losses_known else "paths were not tested for value lost"),
    }
    measured = {
        "handled_events": handled,
        "events_of_actors": events,
        "handled_h": int(people) / 3.6e9,
        "baselines": _medians(engine),
    }
    return Inputs({name: reason for name, reason in reasons.items() if reason}, not no_repeats, measured)


def _medians(engine: Engine) -> list[dict[str, Any]]:
    """What delay and handoff were measured against."""
    rows = engine.rows(
        "SELECT component, intent, n, is_own, median_us FROM cost_medians ORDER BY component, intent NULLS FIRST"
    )
    return [
        {"component": c, "intent": i, "n": n, "own": own, "median_s": None if m is None else m / 1e6}
        for c, i, n, own, m in rows
    ]


def _no_repeats(engine: Engine) -> str | None:
    """Why nothing can be said of repeat contacts, None where something can."""
    if engine.one("SELECT count(is_repeat) FROM cost_interactions")[0]:
        return None
    customers, intents = engine.one("SELECT count(customer), count(intent) FROM cost_events")
    return _missing(customer=customers, intent=intents) or "no contact has both a customer and an intent"


def _no_outcomes(engine: Engine) -> str | None:
    outcomes, values = engine.one("SELECT count(outcome), count(value) FROM cost_journeys")
    return _missing(outcome=outcomes, value=values)


def _missing(**counts: int) -> str | None:
    missing = [name for name, count in counts.items() if not count]
    return f"no {' and no '.join(missing)} column" if missing else None


def _unset(rates: Rates, name: str) -> str | None:
    return None if name in rates.values else f"{name} (seconds per change) is not set in the rates"
