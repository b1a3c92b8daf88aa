"""GraphML, GEXF and edge lists hold the graph that networkx is given."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from miner.errors import UsageError
from miner.graph import to_networkx
from miner.graph.export import write_edges, write_gexf, write_graphml
from miner.graph.schema import declared
from miner.graph.schema.parts import Node
from miner.workspace import Workspace
from tests.drawings import draw
from tests.graph.made import drawn, workspace_of

DRAWINGS = ("L1#A L2#B system L1#A L3#B", "L2#B customer", "L1 L1")
HOSTILE = "<b>&amp; ]]> \"x\" 'y' \r\n\t\x07 \ufffe é 🙂"
READABLE = HOSTILE.replace("\x07", "\ufffd").replace("\ufffe", "\ufffd")
Graph = Any
LEVELS = ("teams", "visits", "events")


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else value


def _known(data: dict[str, Any], *left_out: str) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((k, _plain(v)) for k, v in data.items() if v is not None and k not in left_out))


def _expected(workspace: Workspace, level: str) -> tuple[Counter[Any], Counter[Any]]:
    """Nodes with what is known of them, and edges likewise between named ends."""
    graph = to_networkx(workspace, level)
    nodes = Counter(_known(data) for _, data in graph.nodes(data=True))
    return nodes, Counter((start, end, _known(data)) for start, end, data in graph.edges(data=True))


@pytest.mark.parametrize("level", LEVELS)
def test_graphml_is_the_same_graph(level: str, tmp_path: Path) -> None:
    """Labels, ids, types and all known properties, with their types."""
    workspace = drawn(tmp_path / "w", *DRAWINGS)
    write_graphml(workspace, tmp_path / "g.graphml", level)
    graph = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    name = {node: (data["label"], data["id"]) for node, data in graph.nodes(data=True)}
    nodes, edges = _expected(workspace, level)
    assert Counter(_known(data) for _, data in graph.nodes(data=True)) == nodes
    assert Counter((name[a], name[b], _known(data)) for a, b, data in graph.edges(data=True)) == edges


@pytest.mark.parametrize("level", LEVELS)
def test_gexf_is_the_same_graph(level: str, tmp_path: Path) -> None:
    """With names to show, types on the edges, and weights that count."""
    workspace = drawn(tmp_path / "w", *DRAWINGS)
    write_gexf(workspace, tmp_path / "g.gexf", level)
    graph = nx.read_gexf(tmp_path / "g.gexf", version="1.3")
    name = {node: (data["labels"], data["label"]) for node, data in graph.nodes(data=True)}
    nodes, edges = _expected(workspace, level)
    found = Counter(
        _known({"id": data["label"], **data, "label": data["labels"]}, "labels") for _, data in graph.nodes(data=True)
    )
    assert found == nodes
    drawn_edges = Counter((name[a], name[b], data["label"]) for a, b, data in graph.edges(data=True))
    assert drawn_edges == Counter((a, b, dict(data)["type"]) for a, b, data in edges.elements())
    weights = {
        (name[a], name[b]): data["weight"]
        for a, b, data in graph.edges(data=True)
        if data["label"] == "HANDS_OFF_TO" and data["handoffs"]
    }
    assert weights[("Team", "L1"), ("Team", "L2")] == 1


@pytest.mark.parametrize("write", [write_graphml, write_gexf])
def test_hostile_text_stays_text(write: Any, tmp_path: Path) -> None:
    """Markup, quotes and line ends come back as they were; what XML cannot hold is replaced."""
    events = [{**event, "team": HOSTILE} for event in draw("L1 L1")]
    target = tmp_path / "g.xml"
    write(workspace_of(tmp_path / "w", events), target, "teams")
    graph = nx.read_graphml(target) if write is write_graphml else nx.read_gexf(target, version="1.3")
    texts = {data["id" if write is write_graphml else "label"] for _, data in graph.nodes(data=True)}
    assert READABLE in texts


@pytest.mark.parametrize("form", ["parquet", "arrow"])
@pytest.mark.parametrize("level", LEVELS)
def test_edge_lists_are_the_same_graph(form: str, level: str, tmp_path: Path) -> None:
    """A file for each label and type, with the declared types, nulls and lists."""
    workspace = drawn(tmp_path / "w", *DRAWINGS)
    graph = to_networkx(workspace, level)
    paths = write_edges(workspace, tmp_path / "out", form, level)
    assert set((tmp_path / "out").rglob("*.*")) == set(paths)
    for part, path in zip(declared(level), paths, strict=True):
        table = pq.read_table(path) if form == "parquet" else pa.ipc.open_file(path).read_all()
        names = [p.name for p in part.properties]
        if isinstance(part, Node):
            expected = [
                {"id": data["id"], **{n: data[n] for n in names}}
                for _, data in graph.nodes(data=True)
                if data["label"] == part.label
            ]
        else:
            expected = [
                {"src": a, "dst": b, **{n: data[n] for n in names}}
                for (start, a), (end, b), data in graph.edges(data=True)
                if (start, data["type"], end) == (part.start, part.type, part.end)
            ]
        assert sorted(map(repr, table.to_pylist())) == sorted(map(repr, expected)), part.name


def test_wrong_wishes_are_told(tmp_path: Path) -> None:
    """The message lists what there is, and no file is left behind."""
    workspace = drawn(tmp_path / "w", "L1 L2")
    with pytest.raises(UsageError, match="no level of detail 'all'"):
        write_graphml(workspace, tmp_path / "g.graphml", "all")
    with pytest.raises(UsageError, match="unknown format 'csv' of edge lists"):
        write_edges(workspace, tmp_path / "out", "csv")
    assert not list(tmp_path.glob("*g.graphml*"))


def test_an_empty_graph_is_valid(tmp_path: Path) -> None:
    """A log without any owner still has files that can be read."""
    workspace = workspace_of(tmp_path / "w", [{**event, "team": None, "agent": None} for event in draw("L1")])
    write_gexf(workspace, tmp_path / "g.gexf", "teams")
    write_graphml(workspace, tmp_path / "g.graphml", "teams")
    read = nx.read_gexf(tmp_path / "g.gexf", version="1.3"), nx.read_graphml(tmp_path / "g.graphml")
    assert [graph.number_of_edges() for graph in read] == [0, 0]
