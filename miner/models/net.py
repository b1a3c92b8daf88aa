"""The workflow net of a process tree: what is replayed, and what is saved as PNML."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from miner.models.tree import Tree


@dataclass(frozen=True)
class Transition:
    """A step from places to places; without an activity it is silent."""

    activity: int | None
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass
class Net:
    """A workflow net: one token in place `source` at the start, one in place `sink` at the end."""

    places: int = 0
    transitions: list[Transition] = field(default_factory=list)
    source: int = 0
    sink: int = 1

    def place(self) -> int:
        """A new place."""
        self.places += 1
        return self.places - 1

    def step(self, activity: int | None, before: list[int], after: list[int]) -> None:
        """A new transition."""
        self.transitions.append(Transition(activity, tuple(before), tuple(after)))


def to_net(tree: Tree) -> Net:
    """The net with exactly the runs of the tree."""
    net = Net()
    net.source, net.sink = net.place(), net.place()
    _add(net, tree, net.source, net.sink)
    return net


def _add(net: Net, tree: Tree, before: int, after: int) -> None:
    if tree.kind in ("activity", "skip"):
        net.step(tree.activity, [before], [after])
    elif tree.kind == "sequence":
        stops = [before, *(net.place() for _ in tree.children[1:]), after]
        for child, (start, end) in zip(tree.children, pairwise(stops), strict=True):
            _add(net, child, start, end)
    elif tree.kind == "choice":
        for child in tree.children:
            _add(net, child, before, after)
    elif tree.kind == "parallel":
        starts, ends = ([net.place() for _ in tree.children] for _ in "se")
        net.step(None, [before], starts)
        net.step(None, ends, [after])
        for child, start, end in zip(tree.children, starts, ends, strict=True):
            _add(net, child, start, end)
    else:
        # Places of its own, so that going round again cannot slip into a neighbouring branch.
        start, end = net.place(), net.place()
        net.step(None, [before], [start])
        net.step(None, [end], [after])
        _add(net, tree.children[0], start, end)
        _add(net, tree.children[1], end, start)
