"""The inductive miner on a directly-follows graph: pm4py finds the cuts, this module divides the graph at them.

pm4py's own division of a graph loses activities (in a parallel branch those that only follow the other
branch, in a sequence those reached past a step), so the parts are made here, after Leemans, *Robust Process
Mining with Guarantees* (2017), and every activity of the graph is in the tree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from miner.models.tree import Kind, Tree, simple

Pair = tuple[int, int]
SKIP = Tree("skip")


@dataclass
class Part:
    """A directly-follows graph with its start and end activities; `skip`: it may be left out."""

    edges: dict[Pair, int]
    starts: set[int]
    ends: set[int]
    activities: set[int] = field(default_factory=set)
    skip: bool = False

    def mended(self) -> Part:
        """Itself, after what nothing leads to became a start, and what leads nowhere an end."""
        self.activities |= self.starts | self.ends | {a for pair in self.edges for a in pair}
        self.starts |= self.activities - {b for a, b in self.edges if a != b}
        self.ends |= self.activities - {a for a, b in self.edges if a != b}
        return self


def inductive_miner(edges: dict[Pair, int], starts: Iterable[int], ends: Iterable[int]) -> Tree:
    """The process tree of a directly-follows graph; every activity occurs in it exactly once."""
    part = Part(edges, set(starts), set(ends)).mended()
    return simple(_mine(part)) if part.activities else SKIP


def _mine(part: Part) -> Tree:
    if part.skip:
        part.skip = False
        return Tree("choice", None, (_mine(part), SKIP))
    if len(part.activities) == 1:
        leaf = Tree("activity", next(iter(part.activities)))
        return Tree("loop", None, (leaf, SKIP)) if part.edges else leaf
    kind, parts = _cut(part)
    if parts:
        return Tree(kind, None, tuple(_mine(p) for p in parts))
    once = _once(part)
    kind, parts = _cut(once)
    if parts and len(once.edges) < len(part.edges):
        return Tree("loop", None, (Tree(kind, None, tuple(_mine(p) for p in parts)), SKIP))
    # Anything goes: any activity, any number of times.
    leaves = tuple(Tree("activity", a) for a in sorted(part.activities))
    return Tree("loop", None, (Tree("choice", None, leaves), SKIP))


def _once(part: Part) -> Part:
    """The part without the paths from its end straight back to its start: one round of what may be repeated."""
    edges = {(a, b): n for (a, b), n in part.edges.items() if a not in part.ends or b not in part.starts}
    return Part(edges, set(part.starts), set(part.ends), set(part.activities)).mended()


def _cut(part: Part) -> tuple[Kind, list[Part]]:
    from pm4py.algo.discovery.inductive.cuts.concurrency import ConcurrencyCutDFG
    from pm4py.algo.discovery.inductive.cuts.loop import LoopCutDFG
    from pm4py.algo.discovery.inductive.cuts.sequence import StrictSequenceCutDFG
    from pm4py.algo.discovery.inductive.cuts.xor import ExclusiveChoiceCutDFG

    graph = _for_pm4py(part)
    if groups := _groups(ExclusiveChoiceCutDFG.holds(graph)):
        return "choice", [_inside(part, group) for group in groups]
    if groups := _groups(StrictSequenceCutDFG.holds(graph)):
        return "sequence", _steps(part, groups)
    if groups := _groups(ConcurrencyCutDFG.holds(graph)):
        groups = _with_neighbours(part, groups)
        if len(groups) > 1:
            return "parallel", [_inside(part, group) for group in groups]
    if groups := _groups(LoopCutDFG.holds(graph)):
        return "loop", _rounds(part, groups[0], groups[1])
    return "choice", []


def _for_pm4py(part: Part) -> Any:
    from pm4py.algo.discovery.inductive.dtypes.im_dfg import InductiveDFG
    from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureDFG
    from pm4py.objects.dfg.obj import DFG

    counts = Counter(part.edges)
    return IMDataStructureDFG(InductiveDFG(DFG(counts, dict.fromkeys(part.starts, 1), dict.fromkeys(part.ends, 1))))


def _groups(found: Sequence[Iterable[int]] | None) -> list[set[int]]:
    groups = [set(group) for group in found or []]
    return groups if len(groups) > 1 and all(groups) else []


def _inside(part: Part, group: set[int]) -> Part:
    edges = {pair: n for pair, n in part.edges.items() if pair[0] in group and pair[1] in group}
    return Part(edges, part.starts & group, part.ends & group, set(group)).mended()


def _steps(part: Part, groups: list[set[int]]) -> list[Part]:
    """The parts of a sequence: each starts where anything earlier leads, and may be left out when passed by."""
    number = {activity: i for i, group in enumerate(groups) for activity in group}
    steps = [_inside(part, group) for group in groups]
    passing = [(-1, number[a]) for a in part.starts] + [(number[a], len(groups)) for a in part.ends]
    for a, b in part.edges:
        if number[a] < number[b]:
            steps[number[a]].ends.add(a)
            steps[number[b]].starts.add(b)
            passing.append((number[a], number[b]))
    for i, step in enumerate(steps):
        step.skip = any(before < i < after for before, after in passing)
    return steps


def _with_neighbours(part: Part, groups: list[set[int]]) -> list[set[int]]:
    """Parallel branches, after each activity that touches nothing in its own branch went to the one it touches most."""
    for activity in sorted(part.activities):
        home = next(group for group in groups if activity in group)
        ties = Counter[int]()
        for (a, b), n in part.edges.items():
            if activity in (a, b) and a != b:
                other = b if a == activity else a
                ties[next(i for i, group in enumerate(groups) if other in group)] += n
        outer = activity in part.starts or activity in part.ends
        if not outer and ties and groups.index(home) not in ties:
            home.discard(activity)
            groups[max(ties, key=lambda i: (ties[i], -i))].add(activity)
    return [group for group in groups if group]


def _rounds(part: Part, do: set[int], redo: set[int]) -> list[Part]:
    """The parts of a loop: what is done, and what leads from its end back to its start."""
    body, back = _inside(part, do), _inside(part, redo)
    back.starts |= {b for a, b in part.edges if a in do and b in redo}
    back.ends |= {a for a, b in part.edges if a in redo and b in do}
    back.skip = any(a in part.ends and b in part.starts for a, b in part.edges)
    return [body, back]
