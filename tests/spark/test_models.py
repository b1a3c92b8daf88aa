"""All models on a real Spark: the rows are DuckDB's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miner.costs import Rates, price
from miner.costs.compute import assume, components
from miner.costs.losses import fill_losses
from miner.costs.rates import Value
from miner.costs.rollups import BY, fill_dimensions
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.kpis import READ, fill_tiers
from miner.measures import measure, saved_tables
from miner.outcomes import TABLES, fill_declared, fill_good, save_outcomes
from miner.pipeline import Settings
from miner.pipeline.job import Job
from miner.pipeline.reading import read
from miner.pipeline.sources import prepare
from miner.pipeline.stitching import stitch as stitch_log
from miner.sql import add, load_saved, models
from miner.sql import run as run_models
from miner.sql.catalog import results
from miner.sql.plan import plan
from miner.workspace import Workspace
from tests.costs.adapter import ASKING
from tests.costs.test_information import made, with_texts
from tests.graph.made import costed, generated
from tests.measures.adapter import arrow
from tests.spark.comparing import same_on_spark
from tests.strategies import random_log

ROOT = Path(__file__).resolve().parents[2]
CALLS = ROOT / "tests/readers/fixtures/genesys/conversations.json"
# What each test makes, and the tables that are there before.
MEASURES = [*saved_tables(), "text_facts"]
KPIS, BEFORE_KPIS = [*results("outcomes"), *results("kpis")], [name for name in READ if name not in TABLES]
COSTS = results("costs")
BEFORE_COSTS = [
    *("journeys", "interactions", "events", "transitions", "handoffs", "visits", "silo_visits"),
    *("journey_outcomes", "text_facts"),
]
RATES = Rates(
    "made",
    "EUR",
    "contact",
    {
        "loaded_rate": Value(20, 30.7, 40, "EUR/h", "made", 2026),
        "delay_rate": Value(1, 2.3, 3, "EUR/h", "made", 2026),
        "system_boundary": Value(30, 60.5, 90, "s", "made", 2026),
        "context_shift": Value(10, 20.5, 30, "s", "made", 2026),
        "actor_rates.bot": Value(1, 1.1, 2, "EUR/h", "made", 2026),
        "team_rates.L2": Value(40, 55.9, 60, "EUR/h", "made", 2026),
        "contact_costs.voice": Value(5, 6.35, 8, "EUR", "made", 2026),
        "contact_costs.chat": Value(3, 4.15, 6, "EUR", "made", 2026),
    },
    ASKING,
)


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
    """Ties, nulls, overlaps and loops, and what texts tell of handoffs."""
    with Engine() as engine:
        Sink(engine, keep_text=True)
        engine.insert_arrow("raw_events", arrow(with_texts(random_log(7, 300))))
        stitch(engine, linked=False)
        measure(engine, keep_steps=True, also=MEASURES)
        same_on_spark(engine, session, tmp_path, MEASURES)


def test_outcomes_and_kpis(session: Any, tmp_path: Path) -> None:
    """Contacts, conversations and what is compared of them, with costs and tiers."""
    workspace = costed(tmp_path / "workspace", 5, journeys=60)
    with Engine() as engine:
        load_saved(engine, workspace, *BEFORE_KPIS)
        fill_good(engine, ("solved",))
        fill_declared(engine, workspace)
        fill_tiers(engine, {"L1": 1, "L2": 2})
        run_models(engine, KPIS, BEFORE_KPIS, keep_steps=True)
        same_on_spark(engine, session, tmp_path, KPIS, BEFORE_KPIS)


def test_costs(session: Any, tmp_path: Path) -> None:
    """Components, prices, roll-ups, information loss with texts, value lost on two paths; no table is empty."""
    workspace = made(with_texts(generated(7, 200)), tmp_path / "workspace")
    price(workspace, RATES)
    save_outcomes(workspace, ("solved",))
    with Engine() as engine:
        load_saved(engine, workspace, *BEFORE_COSTS)
        fill_costs(engine)
        run_models(engine, COSTS, BEFORE_COSTS, keep_steps=True)
        compared = same_on_spark(engine, session, tmp_path, COSTS, BEFORE_COSTS)
        assert [name for name in compared if not engine.rows(f"SELECT 1 FROM {name} LIMIT 1")] == []


def fill_costs(engine: Engine) -> None:
    """Fill all that costs ask of the program; the two paths that most journeys took count as losing value."""
    add(engine, "path_journeys")
    common = engine.rows("SELECT path FROM path_journeys GROUP BY path ORDER BY count(*) DESC, path LIMIT 2")
    first, second = (list(row[0]) for row in common)
    fill_losses(engine, [(first, 0.83, []), (second, 0.57, [first])])
    add(engine, "cost_journeys", "cost_interactions", "cost_events", "cost_losses")
    components(engine, RATES, losses_known=True)
    assume(engine, RATES)
    fill_dimensions(engine, *BY)


def test_every_model_is_run() -> None:
    """No model of the catalog is left out of these tests."""
    runs = [(MEASURES, ()), (KPIS, BEFORE_KPIS), (COSTS, BEFORE_COSTS)]
    run = {step.model.table for wanted, given in runs for step in plan(wanted, given)}
    assert sorted(set(models()) - run) == [name for name, model in models().items() if model.is_input]
