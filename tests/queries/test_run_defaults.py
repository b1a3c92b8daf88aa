"""The report and the query of the same name agree, whatever outcomes a run calls good."""

from __future__ import annotations

import pytest

from miner.errors import UsageError
from miner.graph import EmbeddedGraph, ask_library, build, find
from miner.workspace import Workspace
from tests.graph.made import costed, tables
from tests.queries import oracle_costs, oracle_outcomes, oracle_silos

PATH = ["Sales", "Service"]
ORACLES = {
    "silos/silo_paths": oracle_silos.silo_paths,
    "silos/value_lost": oracle_costs.value_lost,
    "outcomes/by_handoffs": oracle_outcomes.by_handoffs,
    "outcomes/intents_of_teams": oracle_outcomes.intents_of_teams,
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A run whose good outcome is none of the usual ones."""
    made = costed(tmp_path_factory.mktemp("good") / "log", 1)
    options = {"good": ["Lost"], "tz": "Europe/Berlin", "window": 3.0, "tiers": {"L2": 2, "L1": 1}}
    made.write_json("manifest.json", {**made.manifest, "options": options})
    build(made)
    return made


def test_the_graph_says_what_was_reported(workspace: Workspace) -> None:
    """One node a workspace: good outcomes in small letters, zone, window and tiers."""
    with EmbeddedGraph.open(workspace) as graph:
        rows = ask_library(graph, "overview/run").records()
    told = {"good": ["lost"], "tz": "Europe/Berlin", "window": 3.0, "tiers": ["L1=1", "L2=2"]}
    assert [{name: row[name] for name in told} for row in rows] == [told]


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_queries_take_the_good_outcomes_of_the_run(name: str, workspace: Workspace) -> None:
    """Without a parameter they are the run's, with one the parameter's."""
    made = tables(workspace)
    with EmbeddedGraph.open(workspace) as graph:
        for given in ({}, {"good": ["solved"]}):
            rows = ask_library(graph, name, {"limit": 1_000, **given}, limit=None).records()
            expected = ORACLES[name](made, **{"good": ["lost"], **given})
            assert sorted(map(_plain, rows)) == sorted(map(_plain, expected))
            assert rows or name == "silos/value_lost"


def test_no_query_of_the_library_has_good_outcomes_of_its_own() -> None:
    """Each parameter `good` is the run's unless it is given."""
    from miner.graph import queries

    found = [p for query in queries().values() for p in query.header.params if p.name == "good"]
    assert len(found) == 5 and all(p.default is None and not p.required for p in found)


def test_a_graph_without_the_run_is_refused(workspace: Workspace) -> None:
    """A graph of an older version does not answer that nothing ended well."""

    class Older:
        level = "events"

        def run(self, cypher: str, *_: object, **__: object) -> object:
            from miner.graph import Rows

            return Rows([], [], truncated=False, notes=[])

    with pytest.raises(UsageError, match="older version"):
        ask_library(Older(), find("outcomes/by_handoffs"))  # type: ignore[arg-type]


def _plain(row: dict[str, object]) -> str:
    return repr([(name, round(v, 6) if isinstance(v, float) else v) for name, v in sorted(row.items())])
