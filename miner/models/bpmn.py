"""The process tree as BPMN 2.0, with a diagram, lanes for silos and nothing that needs a layout engine."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import partial

from miner.models.blocks import Diagram, draw
from miner.models.lanes import LABEL, Page, place
from miner.models.tree import Tree
from miner.models.xml import add, clean, to_bytes

_SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
_TAGS = {
    "task": "task",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
    "start": "startEvent",
    "end": "endEvent",
}
for _prefix, _uri in _SPACES.items():
    ET.register_namespace(_prefix, _uri)


def bpmn(tree: Tree, names: list[str], counts: list[int], silos: list[str | None], remark: str) -> bytes:
    """The model as a BPMN file; names, counts and silos are by activity, the remark becomes its documentation."""
    diagram = draw(tree)
    page = place(diagram, silos)
    root = ET.Element(_tag("bpmn", "definitions"), id="definitions", targetNamespace="urn:interaction-miner")
    if page.lanes:
        pool = add(root, _tag("bpmn", "collaboration"), id="collaboration")
        add(pool, _tag("bpmn", "participant"), id="pool", name="Process", processRef="process")
    process = add(root, _tag("bpmn", "process"), id="process", isExecutable="false")
    add(process, _tag("bpmn", "documentation"), remark)
    _write_lanes(process, page)
    _write_nodes(process, diagram, names, counts)
    _write_page(root, diagram, page)
    return to_bytes(root)


def _tag(space: str, name: str) -> str:
    return f"{{{_SPACES[space]}}}{name}"


def _write_lanes(process: ET.Element, page: Page) -> None:
    if page.lanes:
        lanes = add(process, _tag("bpmn", "laneSet"), id="lanes")
        for i, lane in enumerate(page.lanes):
            element = add(lanes, _tag("bpmn", "lane"), id=f"lane{i}", name=lane.name)
            for item in lane.items:
                add(element, _tag("bpmn", "flowNodeRef"), f"n{item}")


def _write_nodes(process: ET.Element, diagram: Diagram, names: list[str], counts: list[int]) -> None:
    coming: dict[int, list[int]] = {}
    going: dict[int, list[int]] = {}
    for i, link in enumerate(diagram.links):
        going.setdefault(link.tail, []).append(i)
        coming.setdefault(link.head, []).append(i)
    for i, item in enumerate(diagram.items):
        node = add(process, _tag("bpmn", _TAGS[item.kind]), id=f"n{i}")
        if item.activity is not None:
            node.set("name", clean(names[item.activity]))
            add(node, _tag("bpmn", "documentation"), f"{counts[item.activity]:,} times in the log")
        elif item.kind in ("exclusive", "parallel"):
            node.set("gatewayDirection", "Converging" if len(coming.get(i, [])) > 1 else "Diverging")
        for number in coming.get(i, []):
            add(node, _tag("bpmn", "incoming"), f"f{number}")
        for number in going.get(i, []):
            add(node, _tag("bpmn", "outgoing"), f"f{number}")
    for i, link in enumerate(diagram.links):
        add(process, _tag("bpmn", "sequenceFlow"), id=f"f{i}", sourceRef=f"n{link.tail}", targetRef=f"n{link.head}")


def _write_page(root: ET.Element, diagram: Diagram, page: Page) -> None:
    drawing = add(root, _tag("bpmndi", "BPMNDiagram"), id="diagram")
    element = "collaboration" if page.lanes else "process"
    plane = add(drawing, _tag("bpmndi", "BPMNPlane"), id="plane", bpmnElement=element)
    shape = partial(_shape, plane)
    if page.lanes:
        shape("pool", (0, 0, page.width, page.height)).set("isHorizontal", "true")
        for i, lane in enumerate(page.lanes):
            shape(f"lane{i}", (LABEL, lane.top, page.width - LABEL, lane.height)).set("isHorizontal", "true")
    for i, box in enumerate(page.boxes):
        drawn = shape(f"n{i}", box)
        if diagram.items[i].kind == "exclusive":
            drawn.set("isMarkerVisible", "true")
    for i, line in enumerate(page.lines):
        edge = add(plane, _tag("bpmndi", "BPMNEdge"), id=f"f{i}_drawn", bpmnElement=f"f{i}")
        for x, y in line:
            add(edge, _tag("di", "waypoint"), x=_px(x), y=_px(y))


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _shape(plane: ET.Element, element: str, box: tuple[float, float, float, float]) -> ET.Element:
    shape = add(plane, _tag("bpmndi", "BPMNShape"), id=f"{element}_drawn", bpmnElement=element)
    x, y, width, height = (_px(value) for value in box)
    add(shape, _tag("dc", "Bounds"), x=x, y=y, width=width, height=height)
    return shape
