"""All models on a real Spark: the rows are DuckDB's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.kpis import CONTACTS, READ, fill_tiers
from miner.measures import measure, saved_tables
from miner.outcomes import TABLES, fill_declared, fill_good
from miner.pipeline import Settings
from miner.pipeline.job import Job
from miner.pipeline.reading import read
from miner.pipeline.sources import prepare
from miner.pipeline.stitching import stitch as stitch_log
from miner.sql import load_saved
from miner.sql import run as run_models
from miner.workspace import Workspace
from tests.graph.made import costed
from tests.measures.adapter import arrow
from tests.spark.comparing import same_on_spark
from tests.strategies import random_log

ROOT = Path(__file__).resolve().parents[2]
CALLS = ROOT / "tests/readers/fixtures/genesys/conversations.json"


def test_measures_of_the_samples_and_a_call_log(session: Any, tmp_path: Path) -> None:
    """Linked journeys of tickets, chats, orders and calls with spans."""
    sources = prepare([str(ROOT / "sample_logs"), str(CALLS)], Settings(tz="Europe/Berlin", identifiers="keep"))
    job = Job(Workspace(tmp_path / "workspace"), sources)
    log = read(job)
    with log.engine as engine:
        stitch_log(job, log)
        measure(engine, keep_steps=True, tz="Europe/Berlin")
        same_on_spark(engine, session, tmp_path, saved_tables())


def test_measures_of_a_generated_log(session: Any, tmp_path: Path) -> None:
    """Ties, nulls, overlaps and loops."""
    with Engine() as engine:
        Sink(engine)
        engine.insert_arrow("raw_events", arrow(random_log(7, 300)))
        stitch(engine, linked=False)
        measure(engine, keep_steps=True)
        same_on_spark(engine, session, tmp_path, saved_tables())


def test_outcomes_and_kpis(session: Any, tmp_path: Path) -> None:
    """Contacts, conversations and what is compared of them, with costs and tiers."""
    given = [name for name in READ if name not in TABLES]
    wanted = [
        *TABLES,
        *CONTACTS,
        "measured_conversations",
        "competence_strata",
        "intent_team_outcomes",
        "routing_cells",
    ]
    workspace = costed(tmp_path / "workspace", 5, journeys=60)
    with Engine() as engine:
        load_saved(engine, workspace, *given)
        fill_good(engine, ("solved",))
        fill_declared(engine, workspace)
        fill_tiers(engine, {"L1": 1, "L2": 2})
        run_models(engine, wanted, given, keep_steps=True)
        same_on_spark(engine, session, tmp_path, wanted, given)
