"""Measures of the graph of handoffs between teams: who is between the others, who belongs together, who holds it up.

The graph has a node for each team and an edge from A to B that weighs as much as there are handoffs from A to B.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from miner.graph.leiden import communities
from miner.workspace import Workspace

if TYPE_CHECKING:
    import igraph
    import pandas as pd

DAMPING = 0.85


def team_measures(workspace: Workspace, seed: int = 0) -> pd.DataFrame:
    """One row a team, the highest betweenness first; the same seed gives the same communities.

    - `team`, `handoffs_in`, `handoffs_out`
    - `betweenness`: of the shortest ways (fewest handoffs) between two other teams, the share that leads through
      this one, 0 to 1 (Freeman 1977)
    - `pagerank`: where a journey would be found that is handed on for ever as journeys are, and starts anew with
      15 % at each step; adds up to 1 (Brin & Page 1998)
    - `community`: teams that hand over among themselves more than chance would have it (modularity, Leiden algorithm,
      Traag et al. 2019; direction left out); 0 is the largest
    - `articulation`: without it, teams that are connected now would not be (direction left out)
    - `cuts_off`: how many teams would then have no way to the largest rest of theirs; 0 where it is no such team
    """
    import pandas as pd

    teams, weights = _handoffs(workspace)
    graph = _graph(teams, weights)
    both_ways = _graph(teams, _undirected(weights), directed=False)
    cuts = _cuts(both_ways)
    frame = pd.DataFrame(
        {
            "team": pd.Series(teams, dtype="str"),
            "handoffs_in": pd.Series(graph.strength(mode="in", weights="weight"), dtype="int64"),
            "handoffs_out": pd.Series(graph.strength(mode="out", weights="weight"), dtype="int64"),
            "betweenness": pd.Series(_betweenness(graph), dtype="float64"),
            "pagerank": pd.Series(_pagerank(graph), dtype="float64"),
            "community": pd.Series(_communities(both_ways, seed), dtype="int64"),
            "articulation": pd.Series([node in cuts for node in range(len(teams))], dtype="bool"),
            "cuts_off": pd.Series([cuts.get(node, 0) for node in range(len(teams))], dtype="int64"),
        }
    )
    order = ["betweenness", "pagerank", "team"]
    return frame.sort_values(order, ascending=[False, False, True], kind="stable", ignore_index=True)


def _handoffs(workspace: Workspace) -> tuple[list[str], dict[tuple[str, str], int]]:
    """All teams in the order of their names, and how often one hands off to another, in that order too."""
    owners = workspace.arrow("visits", ["owner"]).column("owner").unique().to_pylist()
    counted = workspace.arrow("handoffs", ["from_owner", "to_owner"]).group_by(["from_owner", "to_owner"])
    rows = counted.aggregate([([], "count_all")]).to_pylist()
    handoffs = {(r["from_owner"], r["to_owner"]): r["count_all"] for r in rows if r["from_owner"] != r["to_owner"]}
    return sorted(owner for owner in owners if owner is not None), dict(sorted(handoffs.items()))


def _undirected(weights: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    summed: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (start, end), weight in weights.items():
        summed[min(start, end), max(start, end)] += weight
    return summed


def _graph(teams: list[str], weights: dict[tuple[str, str], int], directed: bool = True) -> igraph.Graph:
    import igraph

    place = {team: number for number, team in enumerate(teams)}
    edges = [(place[start], place[end]) for start, end in weights]
    return igraph.Graph(len(teams), edges, directed=directed, edge_attrs={"weight": list(weights.values())})


def _betweenness(graph: igraph.Graph) -> list[float]:
    pairs = (graph.vcount() - 1) * (graph.vcount() - 2)
    return [value / pairs for value in graph.betweenness(directed=True)] if pairs > 0 else [0.0] * graph.vcount()


def _pagerank(graph: igraph.Graph) -> list[float]:
    if not graph.vcount():
        return []
    return graph.pagerank(directed=True, damping=DAMPING, weights="weight", implementation="prpack")


def _communities(graph: igraph.Graph, seed: int) -> list[int]:
    """The community of each team, numbered from the largest; of equals the one with the first name comes first."""
    if not graph.ecount():
        return list(range(graph.vcount()))
    members = defaultdict(list)
    weights = dict(zip(graph.get_edgelist(), graph.es["weight"], strict=True))
    for node, community in enumerate(communities(graph.vcount(), weights, seed)):
        members[community].append(node)
    order = sorted(members.values(), key=lambda nodes: (-len(nodes), nodes[0]))
    number = {node: at for at, nodes in enumerate(order) for node in nodes}
    return [number[node] for node in range(graph.vcount())]


def _cuts(graph: igraph.Graph) -> dict[int, int]:
    """The articulation points, with how many teams each of them alone keeps connected to the largest rest."""
    cuts: dict[int, int] = {}
    component = graph.connected_components().membership
    for node in graph.articulation_points():
        rest = graph.copy()
        rest.delete_edges(graph.incident(node))
        piece = rest.connected_components().membership
        others = [other for other, of in enumerate(component) if of == component[node] and other != node]
        cuts[node] = len(others) - max(Counter(piece[other] for other in others).values())
    return cuts
