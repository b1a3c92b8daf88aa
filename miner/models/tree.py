"""A process tree of our own: what every model file is written from.

A tree knows activities by number only, so no text of a log gets near the miner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["activity", "skip", "sequence", "choice", "parallel", "loop"]


@dataclass(frozen=True)
class Tree:
    """A node of a process tree. A loop has the children do and redo: do (redo do)*."""

    kind: Kind
    activity: int | None = None
    children: tuple[Tree, ...] = ()

    def plain(self) -> Any:
        """The tree as JSON: a number, null for a skip, or [kind, child…]."""
        if self.kind in ("activity", "skip"):
            return self.activity
        return [self.kind, *(child.plain() for child in self.children)]

    def activities(self) -> list[int]:
        """Its activities, from left to right."""
        if self.activity is not None:
            return [self.activity]
        return [number for child in self.children for number in child.activities()]


def from_plain(value: Any) -> Tree:
    """The tree from the JSON of `plain`."""
    if value is None:
        return Tree("skip")
    if isinstance(value, int):
        return Tree("activity", value)
    kind, *children = value
    return Tree(kind, None, tuple(from_plain(child) for child in children))


def simple(tree: Tree) -> Tree:
    """The same runs with fewer nodes: nested nodes of one kind joined, empty steps dropped."""
    if not tree.children:
        return tree
    children = [simple(child) for child in tree.children]
    if tree.kind == "loop":
        return Tree("loop", None, tuple(children))
    joined = [inner for child in children for inner in (child.children if child.kind == tree.kind else (child,))]
    steps = [child for child in joined if child.kind != "skip"]
    if tree.kind == "choice" and len(steps) < len(joined):
        steps.append(Tree("skip"))
    if len(steps) > 1:
        return Tree(tree.kind, None, tuple(steps))
    return steps[0] if steps else Tree("skip")
