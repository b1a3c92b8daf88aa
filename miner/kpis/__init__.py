"""Who does how well: contact-centre KPIs, competence of people and AI, intent × capability × outcome."""

from __future__ import annotations

from collections.abc import Mapping

from miner.events.engine import Engine
from miner.kpis.competence import competence
from miner.kpis.economy import economy
from miner.kpis.measured import contact_measures
from miner.kpis.routing import gaps
from miner.kpis.targets import Target, compare
from miner.outcomes import fill_good
from miner.sql import fill, load_saved, run, save, save_rows
from miner.workspace import Workspace

__all__ = ["competence", "contact_measures", "economy", "gaps", "save_kpis"]

READ = (
    "events",
    "interactions",
    "journeys",
    "visits",
    "transitions",
    "outcomes_shown",
    "journey_outcomes",
    "value_lost_journeys",
)
CONTACTS = ("contacts", "conversations")


def save_kpis(
    workspace: Workspace,
    good: tuple[str, ...],
    targets: tuple[Target, ...] = (),
    tiers: Mapping[str, int] | None = None,
) -> None:
    """Write the contacts, their measures and what is compared of them into a workspace that knows its outcomes.

    `good` are the outcomes that count as good, `tiers` the tier of each team's support, where there are tiers.
    """
    with Engine() as engine:
        load_saved(engine, workspace, *READ)
        fill_good(engine, good)
        fill_tiers(engine, tiers or {})
        run(engine, CONTACTS, given=READ)
        for table in CONTACTS:
            save(engine, workspace, table)
        save_rows(workspace, "contact_measures", compare(contact_measures(engine), targets))
        save_rows(workspace, "competence", competence(engine))
        save_rows(workspace, "economy", economy(engine))
        save_rows(workspace, "routing_gaps", gaps(engine))


def fill_tiers(engine: Engine, tiers: Mapping[str, int]) -> None:
    """Fill `tiers` with the support tier of each team."""
    fill(engine, "tiers", tiers.items())
