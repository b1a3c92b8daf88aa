"""Models of a workspace: what is written, and that other programs read it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from miner.models import FILES, QUALITY, discover
from tests.models.made import steps, workspace

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DRAWN = ["5x open triage work close", "3x open work triage close", "2x open triage work reopen work close"]
DRAWN += ["open close"]
HOSTILE = [
    "<script>alert(1)</script>",
    "<<TABLE>>",
    "a\x00b\x1f",
    "'; DROP TABLE kept; --",
    '"&\\',
    "]]>",
    "\n\t",
    "",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "💥",
    "x" * 5000,
]


@pytest.fixture(scope="module")
def mined(tmp_path_factory):
    """A workspace with its models, and what `discover` returned."""
    silos = {"open": "Front", "close": "Front", "triage": "Front", "work": "Back"}
    made = workspace(tmp_path_factory.mktemp("models") / "ws", steps(*DRAWN), silos)
    return made, discover(made)


def test_quality_is_said_next_to_the_models(mined):
    """Fitness, precision and the size of the sample are returned, saved, and written into the files."""
    made, quality = mined
    assert quality == made.read_json(QUALITY)
    assert quality["model"]["fitness_journeys"] == quality["journeys"] == 11
    assert 0.9 < quality["model"]["fitness"] <= 1
    assert 0.5 < quality["model"]["precision"] <= 1
    for kind in ("bpmn", "pnml", "ptml"):
        assert quality["remark"] in (made.path / FILES[kind]).read_text(encoding="utf-8")


def test_pm4py_reads_the_files(mined):
    """pm4py reads PNML, PTML and BPMN back, with every activity in each."""
    import pm4py

    made, _ = mined
    activities = {"open", "triage", "work", "reopen", "close"}
    net, start, end = pm4py.read_pnml(str(made.path / FILES["pnml"]))
    assert {t.label for t in net.transitions if t.label} == activities
    assert len(start) == len(end) == 1
    tree = pm4py.read_ptml(str(made.path / FILES["ptml"]))
    assert str(tree) == "->( 'open', +( 'triage', *( 'work', 'reopen' ) ), 'close' )"
    graph = pm4py.read_bpmn(str(made.path / FILES["bpmn"]))
    assert activities <= {node.get_name() for node in graph.get_nodes()}


def test_the_saved_net_is_the_measured_one(mined):
    """pm4py finds the same fitness on the saved net as is said of it."""
    import pm4py

    made, quality = mined
    net, start, end = pm4py.read_pnml(str(made.path / FILES["pnml"]))
    log = made.table("events")
    import pandas as pd

    log = pd.DataFrame(
        {
            "case:concept:name": log["journey_id"],
            "concept:name": log["activity"],
            "time:timestamp": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(log["seq"], unit="s"),
        }
    )
    found = pm4py.fitness_token_based_replay(log, net, start, end)
    assert quality["model"]["fitness"] == pytest.approx(found["log_fitness"], abs=1e-4)


def test_a_lane_a_silo(mined):
    """The BPMN file has a lane for each silo, which holds the tasks of that silo."""
    made, _ = mined
    root = ET.parse(made.path / FILES["bpmn"]).getroot()
    names = {task.get("id"): task.get("name") for task in root.iter(f"{BPMN}task")}
    lanes = {
        lane.get("name"): {names[ref.text] for ref in lane.iter(f"{BPMN}flowNodeRef") if ref.text in names}
        for lane in root.iter(f"{BPMN}lane")
    }
    assert lanes == {"Front": {"open", "close", "triage"}, "Back": {"work"}, "no silo": {"reopen"}}


def test_every_element_is_drawn_apart(mined):
    """Each node and flow of the BPMN file has its shape, and no two nodes cover each other."""
    made, _ = mined
    root = ET.parse(made.path / FILES["bpmn"]).getroot()
    shapes = {}
    for shape in root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"):
        bounds = shape[0].attrib
        shapes[shape.get("bpmnElement")] = [float(bounds[key]) for key in ("x", "y", "width", "height")]
    process = root.find(f"{BPMN}process")
    nodes = [e.get("id") for e in process if e.get("id", "").startswith("n")]
    assert set(nodes) <= set(shapes)
    for i, one in enumerate(nodes):
        for other in nodes[i + 1 :]:
            (x, y, w, h), (u, v, p, q) = shapes[one], shapes[other]
            assert x + w <= u or u + p <= x or y + h <= v or v + q <= y


def test_the_graph_file(mined):
    """dfg.json has the counts of activities, starts, ends and paths, and the graph's own quality."""
    made, _ = mined
    graph = json.loads((made.path / FILES["dfg"]).read_text(encoding="utf-8"))
    assert graph["starts"] == {"open": 11}
    assert {"activity": "work", "count": 12, "silo": "Back"} in graph["activities"]
    assert {"from": "triage", "to": "work", "count": 7, "median_s": 1.0, "p95_s": 2.0, "total_s": 3.0} in graph["edges"]
    assert graph["quality"]["fitness"] == 1.0


def test_hostile_names(tmp_path):
    """Names with markup, control characters or SQL end up as names, in files that are well-formed."""
    made = workspace(tmp_path / "ws", [HOSTILE, HOSTILE[:4]])
    discover(made)
    for kind in ("bpmn", "pnml", "ptml"):
        elements = list(ET.parse(made.path / FILES[kind]).getroot().iter())
        text = " ".join([e.get("name", "") for e in elements] + [e.text or "" for e in elements])
        assert "<script>alert(1)</script>" in text
        assert "a\ufffdb\ufffd" in text
    names = [a["activity"] for a in json.loads((made.path / FILES["dfg"]).read_text(encoding="utf-8"))["activities"]]
    assert sorted(names) == sorted(HOSTILE)


def test_a_log_without_events(tmp_path):
    """Without events there is no model, and the remark says why."""
    made = workspace(tmp_path / "ws", [])
    quality = discover(made)
    assert quality["remark"] == "No process model: there are no events."
    assert not (made.path / FILES["bpmn"]).exists()


def test_rarer_activities_are_left_out_and_bridged(tmp_path):
    """With a bound on activities the paths are counted around those left out, and the remark says how many."""
    made = workspace(tmp_path / "ws", steps("4x a b c", "a x c"))
    quality = discover(made, activities=3)
    assert "1 rarer activities left out" in quality["remark"]
    graph = json.loads((made.path / FILES["dfg"]).read_text(encoding="utf-8"))
    assert [(e["from"], e["to"], e["count"], e["median_s"]) for e in graph["edges"]] == [
        ("a", "b", 4, 1.0),
        ("b", "c", 4, 1.0),
        ("a", "c", 1, None),
    ]


def test_the_deadline_holds(tmp_path):
    """When the time is over there is no model, no error, and the remark says so."""
    made = workspace(tmp_path / "ws", steps(*DRAWN))
    assert discover(made, deadline=0.01)["remark"] == "No process model: mining took too long."


def test_the_order_of_rows_does_not_matter(tmp_path):
    """The sample, the model and its files are the same when the journeys come in another order."""
    journeys = steps(*DRAWN)
    one = workspace(tmp_path / "one", journeys)
    other = workspace(tmp_path / "other", journeys)
    table = other.arrow("events")
    import pyarrow.parquet as pq

    pq.write_table(table.take(list(range(len(table)))[::-1]), other.table_path("events"))
    discover(one, sample=6)
    discover(other, sample=6)
    for kind in FILES:
        assert (one.path / FILES[kind]).read_bytes() == (other.path / FILES[kind]).read_bytes()
