"""Information loss at handoffs: facts of texts where they were used, proxies, and what they add up to.

`place_texts` and `compare_texts` run while the events are measured, over the engine's tables; `save_information`
completes the table `information` of a workspace with the proxies. Definitions: Information loss.
"""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import Any

from miner.costs.asking import declared
from miner.costs.rates import Rates
from miner.events.engine import Engine
from miner.workspace import Workspace

TABLE = "information"
FACTS = ("facts_before", "facts_missing", "facts_asked_again")
# The share of information kept at each handoff, by how it is handed on: of clinical handovers, so an analogy.
RETENTION = {"verbal": 0.478, "with notes": 0.969, "printed form": 0.998}
SOURCE, DOI = "Bhabra et al. 2007", "10.1308/003588407X168352"
_READ = ("handoffs", "visits", "events", "journeys")


def place_texts(engine: Engine) -> None:
    """Make `message_order`: the journey and seq of each message. Call before the measures use `raw` up."""
    from miner.sql import model

    if _is_there(engine, "message_places"):
        engine.run(
            f"CREATE OR REPLACE TABLE message_order AS WITH placed AS ({model('event_order').body}) "
            "SELECT p.journey_id, p.seq, m.message_no FROM placed p JOIN message_places m ON m.event_no = p.event_no"
        )


def compare_texts(engine: Engine) -> None:
    """Make the engine table `information` with the columns of texts, null where no text was used."""
    if _is_there(engine, "message_order"):
        engine.run(f"CREATE OR REPLACE TABLE {TABLE} AS {_sql('facts')}")
        for table in ("message_places", "message_order", "messages", "facts"):
            engine.run(f"DROP TABLE {table}")
    else:
        unknown = ", ".join(f"CAST(NULL AS BIGINT) AS {name}" for name in FACTS)
        engine.run(f"CREATE OR REPLACE TABLE {TABLE} AS SELECT journey_id, position, {unknown} FROM handoffs")


def saved_texts() -> str:
    """SQL for the table as the measures leave it."""
    return f"SELECT * FROM {TABLE} ORDER BY journey_id, position"


def save_information(workspace: Workspace, rates: Rates | None = None) -> dict[str, Any]:
    """Write the table `information`, and what it adds up to into summary.json; gives the latter."""
    with Engine() as engine:
        for table in _READ:
            engine.see_parquet(table, workspace.table_path(table))
        if workspace.table_path(TABLE).is_file():
            engine.run(
                f"CREATE TABLE told_facts AS SELECT journey_id, position, {', '.join(FACTS)} "
                f"FROM read_parquet({_path(workspace, TABLE)})"
            )
        else:
            columns = {"journey_id": "VARCHAR", "position": "BIGINT", **dict.fromkeys(FACTS, "BIGINT")}
            engine.create("told_facts", columns)
        make_information(engine, rates or Rates())
        select = "SELECT * FROM information_now ORDER BY journey_id, position"
        workspace.write(f"tables/{TABLE}.parquet", partial(engine.copy_parquet, select))
        found = totals(engine)
    workspace.change_summary({"information": found})
    return found


def make_information(engine: Engine, rates: Rates) -> None:
    """Make `information_now` from the tables of a workspace and `told_facts`; `rates` say which activities ask."""
    activities = [row[0] for row in engine.rows("SELECT DISTINCT activity FROM events ORDER BY 1")]
    engine.create("asking", {"activity": "VARCHAR", "topic": "VARCHAR"})
    for activity, topic in declared(activities, rates.ask_again):
        engine.run("INSERT INTO asking VALUES (?, ?)", [activity, topic])
    engine.run(f"CREATE OR REPLACE TABLE information_now AS {_sql('information')}")


def totals(engine: Engine) -> dict[str, Any]:
    """`information` of summary.json: each with the number n of handoffs that it is known of; null is unknown."""
    handoffs, *cells = engine.one(
        "SELECT count(*), count(blind), avg(CAST(blind AS INTEGER)), count(no_note), avg(CAST(no_note AS INTEGER)), "
        "count(asked_again), sum(asked_again), count(*) FILTER (WHERE asked_again > 0), count(setup_excess_s), "
        "(list(setup_excess_s ORDER BY setup_excess_s) FILTER (WHERE setup_excess_s IS NOT NULL))"
        "[(50 * count(setup_excess_s) + 99) // 100], "
        "count(facts_before), sum(facts_before), count(facts_missing), "
        "sum(facts_before) FILTER (WHERE facts_missing IS NOT NULL), sum(facts_missing), "
        "count(facts_asked_again), sum(facts_asked_again) FROM information_now"
    )
    blind_n, blind, note_n, note, asked_n, asked, asking, setup_n, setup, *facts = cells
    told_n, told, missing_n, missing_of, missing, again_n, again = map(_whole, facts)
    any_known = any((blind_n, note_n, asked_n, setup_n, told_n))
    return {
        "handoffs": handoffs,
        "blind": {"n": blind_n, "share": blind},
        "no_note": {"n": note_n, "share": note},
        "asked_again": {"n": asked_n, "handoffs": asking if asked_n else None, "events": _whole(asked)},
        "setup_excess_s": {"n": setup_n, "median": setup},
        "facts": {
            "n": told_n,
            "before": told,
            "missing_n": missing_n,
            "missing_of": missing_of,
            "missing": missing,
            "asked_again_n": again_n,
            "asked_again": again,
        }
        if told_n
        else None,
        "analogy": None if any_known or not handoffs else _analogy(engine),
    }


def _analogy(engine: Engine) -> dict[str, Any]:
    """The mean share kept after the handoffs of a journey, of the journeys that were handed over."""
    handed = [row[0] for row in engine.rows("SELECT handoffs FROM journeys WHERE handoffs > 0")]
    return {
        "label": "analogy: retention in clinical handovers, not measured here",
        "source": SOURCE,
        "doi": DOI,
        "journeys": len(handed),
        "kept": {name: sum(r**h for h in handed) / len(handed) for name, r in RETENTION.items()},
    }


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _is_there(engine: Engine, table: str) -> bool:
    return any(row[0] == table for row in engine.rows("SHOW TABLES"))


def _path(workspace: Workspace, table: str) -> str:
    return "'" + str(workspace.table_path(table)).replace("'", "''") + "'"
