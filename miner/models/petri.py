"""PNML (ISO/IEC 15909-2) and PTML: the net and the process tree as files that other tools read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import count

from miner.models.net import Net
from miner.models.tree import Tree
from miner.models.xml import add, to_bytes

_PTML = {"sequence": "sequence", "choice": "xor", "parallel": "and", "loop": "xorLoop"}


def pnml(net: Net, names: list[str], remark: str) -> bytes:
    """The net as PNML, with its final marking as ProM and pm4py read it; silent steps are marked so."""
    root = ET.Element("pnml")
    made = add(root, "net", id="model", type="http://www.pnml.org/version-2009/grammar/pnmlcoremodel")
    add(add(made, "name"), "text", remark)
    page = add(made, "page", id="page")
    for i in range(net.places):
        place = add(page, "place", id=f"p{i}")
        add(add(place, "name"), "text", f"p{i}")
        if i == net.source:
            add(add(place, "initialMarking"), "text", "1")
    arcs = count()
    for i, step in enumerate(net.transitions):
        transition = add(page, "transition", id=f"t{i}")
        add(add(transition, "name"), "text", f"t{i}" if step.activity is None else names[step.activity])
        if step.activity is None:
            add(transition, "toolspecific", tool="ProM", version="6.4", activity="$invisible$", localNodeID=f"t{i}")
        for place_number in step.before:
            _arc(page, next(arcs), f"p{place_number}", f"t{i}")
        for place_number in step.after:
            _arc(page, next(arcs), f"t{i}", f"p{place_number}")
    marking = add(add(made, "finalmarkings"), "marking")
    add(add(marking, "place", idref=f"p{net.sink}"), "text", "1")
    return to_bytes(root)


def _arc(page: ET.Element, number: int, source: str, target: str) -> None:
    add(add(add(page, "arc", id=f"a{number}", source=source, target=target), "inscription"), "text", "1")


def ptml(tree: Tree, names: list[str], remark: str) -> bytes:
    """The process tree as PTML; a loop gets the third, empty child that the format asks for."""
    root = ET.Element("ptml")
    made = add(root, "processTree", id="tree", name=remark, root="n0")
    numbers = count()
    edges: list[tuple[str, str]] = []

    def write(node: Tree) -> str:
        own = f"n{next(numbers)}"
        if node.kind == "activity" and node.activity is not None:
            add(made, "manualTask", id=own, name=names[node.activity])
        elif node.kind == "skip":
            add(made, "automaticTask", id=own, name="")
        else:
            add(made, _PTML[node.kind], id=own, name="")
        children = node.children + ((Tree("skip"),) if node.kind == "loop" else ())
        for child in children:
            edges.append((own, write(child)))
        return own

    write(tree)
    # Sorted by parent and place among its children, for readers take the order from here.
    for i, (parent, child) in enumerate(sorted(edges, key=lambda e: (int(e[0][1:]), int(e[1][1:])))):
        add(made, "parentsNode", id=f"e{i}", sourceId=parent, targetId=child)
    return to_bytes(root)
