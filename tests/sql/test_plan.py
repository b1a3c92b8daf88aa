"""The order of models, which tables are dropped when, and what macros stand for."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from miner.errors import UsageError
from miner.events.engine import Engine
from miner.sql import add, fill, model, models, run
from miner.sql.catalog import results
from miner.sql.header import Model, parse
from miner.sql.macros import DUCKDB
from miner.sql.plan import plan


def test_every_model_comes_after_what_it_reads() -> None:
    """Whatever is wanted, each step reads only inputs and steps before it."""
    made = [name for name, one in models().items() if not one.is_input]
    for seed in range(20):
        wanted = random.Random(seed).sample(made, 4)
        there: set[str] = set()
        for step in plan(wanted):
            assert all(name in there or model(name).is_input for name in step.model.reads)
            there.add(step.model.table)
        assert set(wanted) <= there


def test_a_plan_is_always_the_same() -> None:
    """The order does not depend on the order of what is wanted."""
    wanted = results("measures")
    assert plan(wanted) == plan(list(reversed(wanted)))


def test_a_step_is_dropped_after_its_last_reader() -> None:
    """Steps and inputs go with their last reader; what is wanted, saved or given stays."""
    steps = plan(["handoffs"], given=["events"])
    dropped = {name: at for at, step in enumerate(steps) for name in step.drops}
    for name, at in dropped.items():
        assert not any(name in step.model.reads for step in steps[at + 1 :])
        assert not model(name).is_saved and name not in ("handoffs", "events")
    assert {"named_gaps", "spans", "settled", "settings"} <= dropped.keys()


def test_models_that_read_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle is named with its tables."""
    from miner.sql import catalog

    changed = {**models(), "visits": replace(model("visits"), reads=("returns",))}
    monkeypatch.setattr(catalog, "models", lambda: changed)
    with pytest.raises(UsageError, match="in a circle"):
        plan(["returns"])


def _model(body: str) -> Model:
    head = "-- table: t\n-- definition: d\n-- reads: e\n-- grain: a\n-- saved: no\n-- columns:\n--   a int64: x\n"
    return parse(f"{head}{body}", "miner/m/t.sql")


def test_macros_are_rendered() -> None:
    """Constants, arguments and all arguments."""
    body = "SELECT {{day}}, {{nearest_rank 95, x, place, n}} AS p, {{list a, b, c}} AS l FROM e"
    assert DUCKDB.render(_model(body)) == (
        "SELECT 86400000000, min(CASE WHEN 100 * place >= 95 * n THEN x END) AS p, list_value(a, b, c) AS l FROM e"
    )


@pytest.mark.parametrize("macro", ["{{dya}}", "{{day x}}", "{{days}}", "{{nearest_rank 95, x}}"])
def test_a_wrong_macro_is_said_with_its_line(macro: str) -> None:
    """An unknown name or a wrong number of arguments is an error with file and line."""
    with pytest.raises(UsageError) as error:
        DUCKDB.render(_model(f"SELECT 1 AS a,\n  {macro} AS b FROM e"))
    assert (error.value.problems[0].file, error.value.problems[0].line) == ("miner/m/t.sql", 9)


def test_tables_are_added_to_those_that_are_there() -> None:
    """`add` computes from what the engine has, makes the wanted ones anew, and keeps everything."""
    with Engine() as engine:
        engine.run(
            "CREATE TABLE events AS SELECT 'j' AS journey_id, 0 AS seq, 'i' AS interaction_id, 'Sold' AS outcome"
        )
        engine.run("CREATE TABLE interactions AS SELECT 'i' AS interaction_id, 'crm' AS source_system")
        engine.run("CREATE TABLE outcomes_shown AS SELECT 'crm' AS source_system, 'both' AS shows")
        fill(engine, "good_outcomes", [("sold",)])
        add(engine, "journey_outcomes")
        assert engine.rows("SELECT is_good FROM journey_outcomes") == [(True,)]
        fill(engine, "good_outcomes", [])
        add(engine, "journey_outcomes")
        assert engine.rows("SELECT is_good FROM journey_outcomes") == [(False,)]
        run(engine, ["journey_outcomes"], given=["events", "interactions", "outcomes_shown"])
        assert engine.tables() == {"events", "interactions", "outcomes_shown", "journey_outcomes"}
