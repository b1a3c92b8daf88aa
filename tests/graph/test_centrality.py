"""Measures of the team graph agree with networkx, and come back as properties of the graph."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from miner.graph import EmbeddedGraph, build, measured
from miner.graph.centrality import team_measures
from miner.workspace import Workspace
from tests.graph.made import drawn

NO_HANDOFFS = ("L1", "L2 L2")


def _random_drawings(seed: int, teams: int, journeys: int) -> list[str]:
    """Journeys over teams of which a few are much more often next to one another than the rest."""
    rng = random.Random(seed)
    names = [f"T{n:02}" for n in range(teams)]
    drawings = []
    for _ in range(journeys):
        at = rng.randrange(teams)
        steps = [names[at]]
        for _ in range(rng.randint(0, 3)):
            at = (at + rng.choice([1, 1, 2, rng.randrange(1, teams)])) % teams if rng.random() < 0.7 else at
            steps.append(names[at])
        drawings.append(" ".join(steps))
    return drawings


def _network(workspace: Workspace) -> nx.DiGraph[str]:
    """The handoffs of a workspace, counted pair by pair."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(workspace.table("visits").owner.unique())
    handoffs = workspace.table("handoffs")
    for (start, end), weight in Counter(zip(handoffs.from_owner, handoffs.to_owner, strict=True)).items():
        graph.add_edge(start, end, weight=weight)
    return graph


def _both_ways(graph: nx.DiGraph[str]) -> nx.Graph[str]:
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(graph)
    for start, end, data in graph.edges(data=True):
        before = found.get_edge_data(start, end, {"weight": 0})["weight"]
        found.add_edge(start, end, weight=before + data["weight"])
    return found


@pytest.fixture(params=range(6))
def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[pd.DataFrame, nx.DiGraph[str]]:
    """The measures of a generated workspace, by team, and its handoffs in networkx."""
    seed: int = request.param
    workspace = drawn(tmp_path / "w", *_random_drawings(seed, 4 + 3 * seed, 8 + 12 * seed), level="teams")
    return team_measures(workspace).set_index("team"), _network(workspace)


def _close(ours: pd.Series[Any], theirs: dict[str, float]) -> None:
    assert set(ours.index) == set(theirs)
    for team, value in theirs.items():
        assert ours[team] == pytest.approx(value, abs=1e-9), team


def test_betweenness_is_that_of_networkx(made: tuple[pd.DataFrame, nx.DiGraph[str]]) -> None:
    """Directed, every handoff a step of the same length, normalised."""
    measures, network = made
    _close(measures.betweenness, nx.betweenness_centrality(network))


def test_pagerank_is_that_of_networkx(made: tuple[pd.DataFrame, nx.DiGraph[str]]) -> None:
    """Weighted with the number of handoffs; teams that hand nothing on share out evenly."""
    measures, network = made
    _close(measures.pagerank, nx.pagerank(network, tol=1e-13, max_iter=1000))
    assert measures.pagerank.sum() == pytest.approx(1)


def test_articulation_points_are_those_of_networkx(made: tuple[pd.DataFrame, nx.DiGraph[str]]) -> None:
    """And what each would cut off is counted by taking it away."""
    measures, network = made
    graph = _both_ways(network)
    assert set(measures.index[measures.articulation]) == set(nx.articulation_points(graph))
    for team in measures.index:
        rest = graph.subgraph(nx.node_connected_component(graph, team) - {team})
        pieces = [len(piece) for piece in nx.connected_components(rest)] or [0]
        assert measures.cuts_off[team] == sum(pieces) - max(pieces)


def test_communities_are_as_good_as_those_of_networkx(made: tuple[pd.DataFrame, nx.DiGraph[str]]) -> None:
    """Their modularity is not below that of the Louvain algorithm, and they are numbered by their size."""
    measures, network = made
    graph = _both_ways(network)
    ours = [set(teams) for _, teams in measures.groupby("community").groups.items()]
    theirs = nx.community.louvain_communities(graph, weight="weight", seed=1)
    if graph.number_of_edges():
        best = nx.community.modularity(graph, theirs, weight="weight")
        assert nx.community.modularity(graph, ours, weight="weight") >= best - 0.02
    sizes = measures.groupby("community").size().sort_index()
    assert list(sizes.index) == list(range(len(sizes)))
    assert sizes.is_monotonic_decreasing


def test_communities_of_a_small_graph_are_the_best_there_are(tmp_path: Path) -> None:
    """Of all ways to part six teams, none has a higher modularity."""
    workspace = drawn(tmp_path / "w", *["A B C A", "B A", "D E F D", "E D F", "C D", "A C"], level="teams")
    graph = _both_ways(_network(workspace))
    measures = team_measures(workspace).set_index("team")
    ours = [set(teams) for teams in measures.groupby("community").groups.values()]
    best = 0.0
    for labels in itertools.product(range(6), repeat=6):
        parts = [{team for team, at in zip("ABCDEF", labels, strict=True) if at == n} for n in set(labels)]
        if list(dict.fromkeys(labels)) == list(range(len(set(labels)))):  # each way once
            best = max(best, nx.community.modularity(graph, parts, weight="weight"))
    assert nx.community.modularity(graph, ours, weight="weight") == pytest.approx(best)
    assert {frozenset(part) for part in ours} == {frozenset("ABC"), frozenset("DEF")}


def test_the_same_seed_gives_the_same_communities(tmp_path: Path) -> None:
    """Whatever else draws random numbers meanwhile."""
    workspace = drawn(tmp_path / "w", *_random_drawings(9, 20, 60), level="teams")
    first = team_measures(workspace, seed=5)
    random.seed(99)
    random.random()
    pd.testing.assert_frame_equal(team_measures(workspace, seed=5), first)


def test_the_generator_of_this_process_is_not_touched(tmp_path: Path) -> None:
    """Neither replaced nor drawn from: it belongs to whoever set it."""
    import igraph

    class Counting(random.Random):
        draws = 0

        def random(self) -> float:
            Counting.draws += 1
            return super().random()

    workspace = drawn(tmp_path / "w", *_random_drawings(9, 20, 60), level="teams")
    igraph.set_random_number_generator(Counting())
    try:
        assert team_measures(workspace).community.nunique() > 1
        assert Counting.draws == 0
        igraph.Graph.Erdos_Renyi(n=50, p=0.5)
        assert Counting.draws > 0
    finally:
        igraph.set_random_number_generator(random)


def test_handoffs_are_counted(tmp_path: Path) -> None:
    """In and out, as on the teams of the graph."""
    workspace = drawn(tmp_path / "w", "L1 L2 L1 L3", "L2 L3", level="teams")
    measures = team_measures(workspace).set_index("team")
    with EmbeddedGraph.open(workspace) as graph:
        rows = graph.run("MATCH (t:Team) RETURN t.id AS id, t.handoffs_in AS i, t.handoffs_out AS o").rows
    assert {(team, int(row.handoffs_in), int(row.handoffs_out)) for team, row in measures.iterrows()} == set(rows)


def test_teams_without_handoffs_have_measures_too(tmp_path: Path) -> None:
    """Nobody is between anybody, everybody is alone."""
    measures = team_measures(drawn(tmp_path / "w", *NO_HANDOFFS, level="teams"))
    assert list(measures.team) == ["L1", "L2"]
    assert list(measures.betweenness) == [0.0, 0.0]
    assert list(measures.community) == [0, 1]
    assert not measures.articulation.any()


def test_written_back_they_are_properties_of_the_teams(tmp_path: Path) -> None:
    """Null until then, and gone again where the handoffs are no longer those that were measured."""
    workspace = drawn(tmp_path / "w", "A B C", "C B", level="teams")
    ask = "MATCH (t:Team) RETURN t.id AS id, t.betweenness AS b, t.articulation AS a, t.community AS c ORDER BY id"

    def properties() -> list[tuple[Any, ...]]:
        build(workspace, "teams")
        with EmbeddedGraph.open(workspace) as graph:
            return graph.run(ask).rows

    assert properties() == [("A", None, None, None), ("B", None, None, None), ("C", None, None, None)]
    measured.save(workspace, team_measures(workspace))
    assert properties() == [("A", 0.0, False, 0), ("B", 0.5, True, 0), ("C", 0.0, False, 0)]
    other = drawn(tmp_path / "other", "A B", level="teams")
    workspace.table_path("handoffs").write_bytes(other.table_path("handoffs").read_bytes())
    assert measured.current(workspace) is None
    assert properties()[0] == ("A", None, None, None)
