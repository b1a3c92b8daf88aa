"""From process tree to a drawn BPMN graph: blocks beside and below each other, no layout engine needed.

A sequence runs to the right; the branches of a choice lie one below the other; what a loop does again
lies below it and runs back to the left. Rows become heights later, when lanes are known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from miner.models.tree import Tree

SIZES = {"task": (110, 60), "gateway": (50, 50), "event": (36, 36)}
GAP = 40


@dataclass
class Item:
    """A node of the diagram: its left edge in pixels and its row; `near` is the activity whose lane it is in."""

    kind: Literal["task", "exclusive", "parallel", "start", "end"]
    activity: int | None = None
    near: int | None = None
    x: float = 0.0
    row: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return SIZES[{"task": "task", "start": "event", "end": "event"}.get(self.kind, "gateway")]


@dataclass(frozen=True)
class Link:
    """A sequence flow between items: `turn` says whether it changes its row at its tail, at its head,
    or runs through a row of its own."""

    tail: int
    head: int
    turn: Literal["tail", "head"] | int = "head"


@dataclass
class Block:
    """A part of the diagram; without an entry it is a mere passage through row `row`."""

    items: list[int]
    width: float
    rows: int
    entry: int | None = None
    exit: int | None = None
    row: int = 0


@dataclass
class Diagram:
    """Items and links; items are known by their place in the list."""

    items: list[Item] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def add(self, item: Item) -> int:
        """A new item."""
        self.items.append(item)
        return len(self.items) - 1


def draw(tree: Tree) -> Diagram:
    """The whole diagram, from start event to end event."""
    diagram = Diagram()
    activities = tree.activities()
    start = diagram.add(Item("start", near=activities[0] if activities else None))
    body = _build(diagram, tree)
    end = diagram.add(Item("end", near=activities[-1] if activities else None))
    _shift(diagram, body, SIZES["event"][0] + GAP, 0)
    diagram.items[end].x = SIZES["event"][0] + GAP + body.width + GAP
    _connect(diagram, start, body, end)
    return diagram


def _build(diagram: Diagram, tree: Tree) -> Block:
    if tree.kind == "activity":
        item = diagram.add(Item("task", tree.activity, tree.activity))
        return Block([item], SIZES["task"][0], 1, item, item)
    if tree.kind == "skip":
        return Block([], GAP, 1)
    if tree.kind == "sequence":
        return _sequence(diagram, [_build(diagram, child) for child in tree.children])
    if tree.kind == "loop":
        return _loop(diagram, *tree.children[:2])
    return _branches(diagram, tree)


def _sequence(diagram: Diagram, parts: list[Block]) -> Block:
    parts = [part for part in parts if part.entry is not None]
    if not parts:
        return Block([], GAP, 1)
    x = 0.0
    for part in parts:
        _shift(diagram, part, x, 0)
        x += part.width + GAP
    for before, after in pairwise(parts):
        if before.exit is not None and after.entry is not None:
            diagram.links.append(Link(before.exit, after.entry))
    items = [item for part in parts for item in part.items]
    return Block(items, x - GAP, max(part.rows for part in parts), parts[0].entry, parts[-1].exit)


def _branches(diagram: Diagram, tree: Tree) -> Block:
    kind: Literal["parallel", "exclusive"] = "parallel" if tree.kind == "parallel" else "exclusive"
    near = next(iter(tree.activities()), None)
    split = diagram.add(Item(kind, near=near))
    parts = [_build(diagram, child) for child in sorted(tree.children, key=lambda child: child.kind == "skip")]
    join = diagram.add(Item(kind, near=near))
    width = max(part.width for part in parts)
    left, row = SIZES["gateway"][0] + GAP, 0
    for part in parts:
        _shift(diagram, part, left + (width - part.width) / 2, row)
        _connect(diagram, split, part, join)
        row += part.rows
    diagram.items[join].x = left + width + GAP
    items = [split, *(item for part in parts for item in part.items), join]
    return Block(items, diagram.items[join].x + SIZES["gateway"][0], row, split, join)


def _loop(diagram: Diagram, do: Tree, redo: Tree) -> Block:
    near = next(iter([*do.activities(), *redo.activities()]), None)
    enter = diagram.add(Item("exclusive", near=near))
    forth, back = _build(diagram, do), _build(diagram, redo)
    leave = diagram.add(Item("exclusive", near=near))
    width = max(forth.width, back.width)
    left = SIZES["gateway"][0] + GAP
    _shift(diagram, forth, left + (width - forth.width) / 2, 0)
    _mirror(diagram, back)
    _shift(diagram, back, left + (width - back.width) / 2, forth.rows)
    diagram.items[leave].x = left + width + GAP
    _connect(diagram, enter, forth, leave)
    _connect(diagram, leave, back, enter)
    items = [enter, *forth.items, *back.items, leave]
    return Block(items, diagram.items[leave].x + SIZES["gateway"][0], forth.rows + back.rows, enter, leave)


def _connect(diagram: Diagram, tail: int, part: Block, head: int) -> None:
    if part.entry is None or part.exit is None:
        diagram.links.append(Link(tail, head, part.row))
        part.items.append(-len(diagram.links))  # a passage moves with its block
    else:
        diagram.links += [Link(tail, part.entry, "tail"), Link(part.exit, head, "head")]


def _shift(diagram: Diagram, block: Block, right: float, down: int) -> None:
    """Move a block; a negative item number −n is the passage of link n−1, which has only a row."""
    block.row += down
    for number in block.items:
        if number < 0:
            link = diagram.links[-number - 1]
            if not isinstance(link.turn, str):
                diagram.links[-number - 1] = Link(link.tail, link.head, link.turn + down)
        else:
            diagram.items[number].x += right
            diagram.items[number].row += down


def _mirror(diagram: Diagram, block: Block) -> None:
    for number in block.items:
        if number >= 0:
            item = diagram.items[number]
            item.x = block.width - item.x - item.size[0]
