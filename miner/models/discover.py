"""Process models of a workspace: from the mined tables to files, with how well they fit said next to them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, cast

from miner.models.bpmn import bpmn
from miner.models.flow import Flow, read_flow
from miner.models.net import to_net
from miner.models.noise import without_noise
from miner.models.petri import pnml, ptml
from miner.models.process import Request, ask
from miner.models.quality import GraphQuality, ModelQuality, Quality, remark
from miner.models.replay import graph_precision
from miner.models.tree import from_plain
from miner.workspace import Workspace

FILES = {
    "bpmn": "models/process.bpmn",
    "pnml": "models/process.pnml",
    "ptml": "models/process.ptml",
    "dfg": "models/dfg.json",
}
QUALITY = "models/quality.json"


def discover(
    workspace: Workspace, *, noise: float = 0.2, activities: int = 60, sample: int = 1000, deadline: float = 60.0
) -> Quality:
    """Mine the process model from the tables `events` and `dfg`; write the files of FILES and QUALITY.

    The inductive miner works on the counts of the directly-follows graph, of the `activities` most frequent
    activities and without paths below `noise` times the most frequent one out of the same activity. Fitness and
    precision are by token-based replay of a sample of journeys. Everything is over after `deadline` seconds;
    what is not finished then is null, and `remark` says so. Returns what QUALITY holds.
    """
    began = time.monotonic()
    flow = read_flow(workspace, activities, sample)
    graph: GraphQuality = {"fitness": 1.0 if flow.names else None, "precision": _graph_precision(flow)}
    workspace.write_json(FILES["dfg"], _graph(workspace, flow, graph))
    quality: Quality = {
        "journeys": flow.journeys,
        "sampled_journeys": flow.sampled,
        "variants_in_sample": len(flow.variants),
        "activities": len(flow.names),
        "activities_in_log": flow.activities_in_log,
        "paths": len(flow.edges),
        "noise": noise,
        "dfg": graph,
        "model": _mine(flow, noise, deadline),
        "remark": "",
        "seconds": 0.0,
    }
    quality["remark"] = remark(quality)
    quality["seconds"] = round(time.monotonic() - began, 2)
    if quality["model"]["tree"] is not None:
        _write_model(workspace, flow, quality)
    workspace.write_json(QUALITY, quality)
    return quality


def _mine(flow: Flow, noise: float, deadline: float) -> ModelQuality:
    answer = cast(ModelQuality, dict.fromkeys(ModelQuality.__annotations__))
    if flow.names:
        edges, starts, ends = without_noise(flow, noise)
        variants = list(flow.variants.items())
        answer["paths"] = len(edges)
        request = Request(edges=edges, starts=starts, ends=ends, variants=variants, seconds=deadline / 2)
        answer.update(ask(request, deadline))
    return answer


def _graph_precision(flow: Flow) -> float | None:
    return graph_precision(list(flow.edges), list(flow.starts), list(flow.variants.items()))


def _graph(workspace: Workspace, flow: Flow, quality: GraphQuality) -> dict[str, Any]:
    """The directly-follows graph as JSON; the times are those of the table `dfg`, where it has the path."""
    rows = workspace.arrow("dfg").to_pylist()
    times = {(row["from_activity"], row["to_activity"]): row for row in rows}
    edges = []
    for (a, b), n in sorted(flow.edges.items(), key=lambda item: (-item[1], item[0])):
        row = times.get((flow.names[a], flow.names[b]))
        exact = row is not None and row["count"] == n
        values = {key: row[key] if exact and row else None for key in ("median_s", "p95_s", "total_s")}
        edges.append({"from": flow.names[a], "to": flow.names[b], "count": n, **values})
    return {
        "activities": [
            {"activity": name, "count": n, "silo": silo}
            for name, n, silo in zip(flow.names, flow.counts, flow.silos, strict=True)
        ],
        "starts": {flow.names[a]: n for a, n in flow.starts.items()},
        "ends": {flow.names[a]: n for a, n in flow.ends.items()},
        "edges": edges,
        "quality": quality,
    }


def _write_model(workspace: Workspace, flow: Flow, quality: Quality) -> None:
    tree, text = from_plain(quality["model"]["tree"]), quality["remark"]
    files = {
        "bpmn": bpmn(tree, flow.names, flow.counts, flow.silos, text),
        "pnml": pnml(to_net(tree), flow.names, text),
        "ptml": ptml(tree, flow.names, text),
    }
    for kind, content in files.items():

        def write(path: Path, content: bytes = content) -> None:
            path.write_bytes(content)

        workspace.write(FILES[kind], write)
