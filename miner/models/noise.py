"""Rare paths are set aside before mining, so that one odd journey does not turn the model into "anything goes"."""

from __future__ import annotations

from miner.models.flow import Flow

_START, _END = -1, -2
_Pair = tuple[int, int]
_Graph = dict[_Pair, int]


def without_noise(flow: Flow, threshold: float) -> tuple[list[list[int]], list[int], list[int]]:
    """Edges [from, to, count], start and end activities above the noise.

    A path is kept when it is taken at least `threshold` times as often as the most frequent one out of the
    same activity (the rule of the infrequent inductive miner). Where that would cut an activity off from the
    start or the end, its most frequent paths there are kept too.
    """
    graph: _Graph = {**flow.edges}
    graph.update({(_START, a): n for a, n in flow.starts.items()})
    graph.update({(a, _END): n for a, n in flow.ends.items()})
    strongest: dict[int, int] = {}
    for (tail, _), n in graph.items():
        strongest[tail] = max(strongest.get(tail, 0), n)
    chosen = {pair for pair, n in graph.items() if n >= threshold * strongest[pair[0]]}
    _connect(graph, chosen, _START)
    _connect(graph, chosen, _END)
    edges = [[a, b, graph[a, b]] for a, b in sorted(chosen) if a != _START and b != _END]
    starts = [b for a, b in sorted(chosen) if a == _START]
    ends = [a for a, b in sorted(chosen) if b == _END]
    return edges, starts, ends


def _connect(graph: _Graph, chosen: set[_Pair], root: int) -> None:
    """Keep further paths, the most frequent first, until every activity is reached from (or reaches) the root."""
    near, far = (0, 1) if root == _START else (1, 0)
    ranked = sorted(graph, key=lambda pair: (-graph[pair], pair))
    reached = _reach(chosen, root, near, far)
    while bridge := next((p for p in ranked if p[near] in reached and p[far] not in reached), None):
        chosen.add(bridge)
        reached = _reach(chosen, root, near, far)


def _reach(pairs: set[_Pair], root: int, near: int, far: int) -> set[int]:
    following: dict[int, list[int]] = {}
    for pair in pairs:
        following.setdefault(pair[near], []).append(pair[far])
    reached, waiting = {root}, [root]
    while waiting:
        new = [node for node in following.get(waiting.pop(), []) if node not in reached]
        reached.update(new)
        waiting += new
    return reached
