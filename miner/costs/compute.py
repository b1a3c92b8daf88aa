"""The Fragmentation Cost of a workspace: its tables into an engine, the SQL files of this folder over them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from miner.costs.asking import declared
from miner.costs.rates import SECONDS, Rates
from miner.events.engine import Engine
from miner.events.schema import PEOPLE
from miner.summary import TIMED
from miner.workspace import Workspace

NO_ENDS = "no end times"
# The one macro of the SQL files: engines do not agree on how to join texts in an order.
_JOIN = re.compile(r"\{\{ordered_join (\w+) (\w+)\}\}")
_MICRO = 1_000_000
_COPIED = {
    "cost_journeys": "SELECT row_number() OVER (ORDER BY journey_id) AS journey_id, journey_id AS name, intent, "
    "handoffs, outcome, value FROM read_parquet({journeys})",
    "cost_interactions": "SELECT i.interaction_id, i.conversation_id, i.channel, i.is_repeat, i.customer_type, "
    "r.region FROM read_parquet({interactions}) i LEFT JOIN (SELECT interaction_id, "
    "min_by(json_extract_string(attributes, '$.region'), seq) AS region FROM read_parquet({events}) "
    "WHERE contains(attributes, '\"region\"') AND json_extract_string(attributes, '$.region') IS NOT NULL "
    "GROUP BY interaction_id) r ON r.interaction_id = i.interaction_id",
    "cost_events": "SELECT j.journey_id, e.seq, e.interaction_id, epoch_us(e.started_at) AS started_us, "
    "epoch_us(e.ended_at) AS ended_us, e.activity, e.channel, e.source_system, e.actor_type, e.actor, e.agent, e.team, "
    "e.owner, e.owned, e.position, e.intent, e.customer FROM read_parquet({events}) e "
    "JOIN cost_journeys j ON j.name = e.journey_id",
    "cost_transitions": "SELECT j.journey_id, t.seq, CAST(round(t.gap_s * 1e6) AS BIGINT) AS gap_us, "
    "CAST(round(t.off_hours_s * 1e6) AS BIGINT) AS off_hours_us, "
    "t.gap_for, t.handoff_position, t.rework_reason "
    "FROM read_parquet({transitions}) t JOIN cost_journeys j ON j.name = t.journey_id",
    "cost_waits": "SELECT j.journey_id, v.opened_seq AS seq, CAST(round(h.own_wait_s * 1e6) AS BIGINT) AS own_wait_us "
    "FROM read_parquet({handoffs}) h JOIN read_parquet({visits}) v USING (journey_id, position) "
    "JOIN cost_journeys j ON j.name = h.journey_id",
    "cost_losses": "SELECT j.journey_id, l.seq, l.lost_um FROM losses l JOIN cost_journeys j ON j.name = l.name",
}


@dataclass(frozen=True)
class Known:
    """What a workspace has, and why what it has not is not computed: component → reason."""

    not_computed: dict[str, str]
    measured: dict[str, Any]


@cache
def text(name: str) -> str:
    """The SQL of a step, with its header."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def make(engine: Engine, name: str) -> None:
    """Run a step: it makes the engine table of its name."""
    sql = _JOIN.sub(r"string_agg(\1, ' → ' ORDER BY \2)", text(name))
    engine.run(f"CREATE OR REPLACE TABLE {name} AS {sql}")


def take(engine: Engine, workspace: Workspace) -> None:
    """The tables of a workspace as the steps read them: journeys by number, times in microseconds."""
    engine.run("SET preserve_insertion_order = false")
    names = ("journeys", "interactions", "events", "transitions", "handoffs", "visits")
    paths = {name: "'" + str(workspace.table_path(name)).replace("'", "''") + "'" for name in names}
    _take_losses(engine, workspace)
    for table, select in _COPIED.items():
        engine.run(f"CREATE OR REPLACE TABLE {table} AS {select.format(**paths)}")


def _take_losses(engine: Engine, workspace: Workspace) -> None:
    """What journeys of lossy paths lost, by transition; `losses_known` is empty where nobody looked."""
    path = workspace.table_path("value_lost_journeys")
    engine.create("losses_known", {"known": "BOOLEAN"})
    engine.create("losses", {"name": "VARCHAR", "seq": "BIGINT", "lost_um": "BIGINT"})
    if path.is_file():
        engine.run("INSERT INTO losses_known VALUES (true)")
        file = str(path).replace("'", "''")
        engine.run(
            "INSERT INTO losses SELECT journey_id, seq, CAST(round(value_lost * 1e6) AS BIGINT) "
            f"FROM read_parquet('{file}') WHERE value_lost IS NOT NULL"
        )


def components(engine: Engine, rates: Rates) -> Known:
    """Make the table `components` from what `take` took, and say what is not computed."""
    make(engine, "handled")
    asked = declared(
        [row[0] for row in engine.rows("SELECT DISTINCT activity FROM cost_events ORDER BY 1")], rates.ask_again
    )
    _fill(engine, "asking", {"activity": "VARCHAR", "topic": "VARCHAR"}, asked)
    make(engine, "split")
    make(engine, "baselines")
    known = _known(engine, bool(asked), rates)
    medians = dict(engine.rows("SELECT component, median_us FROM baselines WHERE intent IS NULL"))
    there = {name: name not in known.not_computed for name in TIMED}
    there |= {"repeats": not _no_repeats(engine)}
    there["consequence"] = bool(rates.values) and "consequence" not in known.not_computed
    engine.create(
        "known", {**dict.fromkeys(there, "BOOLEAN"), "delay_median_us": "BIGINT", "handoff_median_us": "BIGINT"}
    )
    marks = ", ".join("?" for _ in range(len(there) + 2))
    engine.run(f"INSERT INTO known VALUES ({marks})", [*there.values(), medians.get("delay"), medians.get("handoff")])
    make(engine, "components")
    return known


def assume(engine: Engine, rates: Rates, case: str = "base") -> None:
    """Make the table `priced`: the components with an assumption set in one of its cases."""
    seconds = [rates.at(name, case) for name in SECONDS]
    engine.create(
        "assumed",
        {"system_boundary_us": "BIGINT", "context_shift_us": "BIGINT", "delay_rate": "DOUBLE", "by_contact": "BOOLEAN"},
    )
    engine.run(
        "INSERT INTO assumed VALUES (?, ?, ?, ?)",
        [
            *(None if s is None else round(s * _MICRO) for s in seconds),
            rates.at("delay_rate", case),
            rates.repeat_contact == "contact",
        ],
    )
    person = rates.at("loaded_rate", case)
    actors = {**({} if person is None else dict.fromkeys(PEOPLE, person)), **rates.of("actor_rates", case)}
    _fill(engine, "actor_rates", {"actor_type": "VARCHAR", "rate": "DOUBLE"}, list(actors.items()))
    teams = rates.of("team_rates", case)
    _fill(engine, "team_rates", {"team": "VARCHAR", "rate": "DOUBLE"}, list(teams.items()))
    prices = {channel: round(cost * _MICRO) for channel, cost in rates.of("contact_costs", case).items()}
    _fill(engine, "contact_costs", {"channel": "VARCHAR", "cost_um": "BIGINT"}, list(prices.items()))
    make(engine, "priced")


def _fill(engine: Engine, table: str, columns: dict[str, str], rows: list[tuple[Any, ...]]) -> None:
    engine.create(table, columns)
    if rows:
        values = zip(*rows, strict=True)
        engine.insert_arrow(table, pa.table({name: list(v) for name, v in zip(columns, values, strict=True)}))


def _no_repeats(engine: Engine) -> str | None:
    """Why nothing can be said of repeat contacts, None where something can."""
    if engine.one("SELECT count(is_repeat) FROM cost_interactions")[0]:
        return None
    customers, intents = engine.one("SELECT count(customer), count(intent) FROM cost_events")
    missing = [name for name, there in (("customer", customers), ("intent", intents)) if not there]
    return f"no {' and no '.join(missing)} column" if missing else "no contact has both a customer and an intent"


def _no_outcomes(engine: Engine) -> str | None:
    outcomes, values = engine.one("SELECT count(outcome), count(value) FROM cost_journeys")
    missing = [name for name, there in (("outcome", outcomes), ("value", values)) if not there]
    return f"no {' and no '.join(missing)} column" if missing else None


def _known(engine: Engine, asks: bool, rates: Rates) -> Known:
    """What is missing, by component, and what was measured on the way."""
    owned, systems, channels, intents, agents = engine.one(
        "SELECT count(*) FILTER (WHERE owned), count(source_system), count(channel), count(intent), count(agent) "
        "FROM cost_events"
    )
    handled, people = engine.one("SELECT count(*), coalesce(sum(handled_us), 0) FROM handled")
    events = engine.one(
        "SELECT count(*) FROM cost_events WHERE coalesce(actor_type, 'unknown') NOT IN ('customer', 'system', 'rule')"
    )[0]
    samples = {row[0] for row in engine.rows("SELECT component FROM baselines WHERE intent IS NULL")}
    nobody = None if owned else "no team and no agent column"
    no_ends = None if handled else NO_ENDS
    no_contexts = None if channels or intents or agents else "no channel, intent or agent column"
    reasons = {
        "delay": nobody or (None if "delay" in samples else "no wait inside a visit to compare with"),
        "handoff": nobody
        or no_ends
        or (None if "handoff" in samples else "no visit with end times in a journey without a handoff"),
        "rework": no_ends,
        "information_gap": no_ends or (None if asks else "no activity of the log is declared as asking (ask_again)"),
        "system_boundary": (None if systems else "no system column") or _unset(rates, "system_boundary"),
        "context_shift": no_contexts or _unset(rates, "context_shift"),
        "repeat_contact": _no_repeats(engine) or no_ends,
        "consequence": _no_outcomes(engine)
        or (None if engine.one("SELECT count(*) FROM losses_known")[0] else "paths were not tested for value lost"),
    }
    measured = {
        "handled_events": handled,
        "events_of_actors": events,
        "handled_h": int(people) / 3.6e9,
        "baselines": [
            {"component": c, "intent": i, "n": n, "own": own, "median_s": None if m is None else m / 1e6}
            for c, i, n, own, m in engine.rows(
                "SELECT component, intent, n, is_own, median_us FROM baselines ORDER BY component, intent NULLS FIRST"
            )
        ],
    }
    return Known({name: reason for name, reason in reasons.items() if reason}, measured)


def _unset(rates: Rates, name: str) -> str | None:
    return None if name in rates.values else f"{name} (seconds per change) is not set in the rates"
