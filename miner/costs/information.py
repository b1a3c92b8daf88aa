"""Information loss at handoffs: what the table `information` adds up to in summary.json (Information loss).

What texts tell (`text_facts`) is measured with the events, because texts are dropped then; the rest comes from the
tables of a workspace.
"""

from __future__ import annotations

from miner.costs.asking import declared
from miner.costs.rates import Rates
from miner.events.engine import Engine
from miner.sql import add, fill, load_saved, save
from miner.summary import Analogy, Facts, InformationLoss
from miner.workspace import Workspace

# The share of information kept at each handoff, by how it is handed on: of clinical handovers, so an analogy.
RETENTION = {"verbal": 0.478, "with notes": 0.969, "printed form": 0.998}
SOURCE, DOI = "Bhabra et al. 2007", "10.1308/003588407X168352"
_READ = ("handoffs", "visits", "events", "journeys", "text_facts")


def save_information(workspace: Workspace, rates: Rates | None = None) -> InformationLoss:
    """Write the table `information`, and what it adds up to into summary.json; gives the latter."""
    with Engine() as engine:
        load_saved(engine, workspace, *_READ)
        make_information(engine, rates or Rates())
        save(engine, workspace, "information")
        found = totals(engine)
    workspace.change_summary({"information": found})
    return found


def make_information(engine: Engine, rates: Rates) -> None:
    """Make `information` from the tables of a workspace; `rates` say which activities ask."""
    activities = [row[0] for row in engine.rows("SELECT DISTINCT activity FROM events ORDER BY 1")]
    fill(engine, "asking", declared(activities, rates.ask_again))
    add(engine, "information")


def totals(engine: Engine) -> InformationLoss:
    """`information` of summary.json: each with the number n of handoffs that it is known of; null is unknown."""
    add(engine, "information_totals")
    cursor = engine.run("SELECT * FROM information_totals")
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone() or (), strict=True))
    any_known = any(row[name] for name in ("blind_n", "no_note_n", "asked_n", "setup_n", "facts_n"))
    facts: Facts = {
        "n": row["facts_n"],
        "before": row["facts_before"],
        "missing_n": row["missing_n"],
        "missing_of": row["missing_of"],
        "missing": row["facts_missing"],
        "asked_again_n": row["again_n"],
        "asked_again": row["facts_asked_again"],
    }
    return {
        "handoffs": row["handoffs"],
        "blind": {"n": row["blind_n"], "share": row["blind"]},
        "no_note": {"n": row["no_note_n"], "share": row["no_note"]},
        "asked_again": {
            "n": row["asked_n"],
            "handoffs": row["asked_handoffs"] if row["asked_n"] else None,
            "events": row["asked_events"],
        },
        "setup_excess_s": {"n": row["setup_n"], "median": row["setup_median_s"]},
        "facts": facts if row["facts_n"] else None,
        "analogy": None if any_known or not row["handoffs"] else _analogy(engine),
    }


def _analogy(engine: Engine) -> Analogy:
    """The mean share kept after the handoffs of a journey, of the journeys that were handed over."""
    handed = [row[0] for row in engine.rows("SELECT handoffs FROM journeys WHERE handoffs > 0")]
    return {
        "label": "analogy: retention in clinical handovers, not measured here",
        "source": SOURCE,
        "doi": DOI,
        "journeys": len(handed),
        "kept": {name: sum(r**h for h in handed) / len(handed) for name, r in RETENTION.items()},
    }
