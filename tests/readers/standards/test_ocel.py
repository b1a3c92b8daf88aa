"""OCEL logs: 2.0 in JSON, XML and SQLite, 1.0 in JSON, XML and CSV."""

from __future__ import annotations

import csv
import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.standards import ocel, xes
from tests.readers.reading import FIXTURES, Reading, read, write

FOLDER = FIXTURES / "ocel"
FILES = [FOLDER / f"tickets.{ending}" for ending in ("json", "xml", "sqlite")]
LOG: dict[str, Any] = json.loads(FILES[0].read_text())
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.suffix)
KEPT = (
    "interaction_id",
    "started_us",
    "activity",
    "event_type",
    "actor_type",
    "actor",
    "agent",
    "team",
    "customer",
    "intent",
    "outcome",
    "channel",
)


def rows(found: Reading) -> list[tuple[Any, ...]]:
    """What matters of the events, sorted."""
    return sorted(tuple(event[name] or "" for name in KEPT) for event in found.events)


def changed(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The example in JSON with something else in it."""
    log = json.loads(json.dumps(LOG))
    change(log)
    return write(tmp_path, log, "log.json")


@each
def test_the_example(path: Path) -> None:
    """All formats give the same: a step for each ticket touched, the agent's team, later values as changes."""
    found = read(ocel, path)
    assert rows(found) == rows(read(ocel, FILES[0]))
    first = [e for e in found.events if e["interaction_id"] == "T-1"]
    steps = [("write", None), ("answer", "Billing"), ("pass on", "Billing"), ("repair", "Tech")]
    assert [(e["activity"], e["team"]) for e in first] == [*steps, ("Changed status", None)]
    assert first[-1]["event_type"] == "status_changed" and first[-1]["actor_type"] == "system"
    assert {e["customer"] for e in found.events if e["actor_type"] != "system"} == {"K-1"}
    assert [(r["value"], r["reason"]) for r in found.rejects] == [("e5", "the event has no object of type ticket")]
    assert (found.reports[0].rows, found.reports[0].events, found.reports[0].rejected) == (6, 7, 1)
    assert found.note("several_interactions") and found.note("object_changes")
    assert found.reports[0].columns == {"case": "ticket", "customer": "customer", "agent": "agent", "team": "team"}


@each
def test_attributes_by_mapping(path: Path) -> None:
    """Other keys name attributes of events, else of the interaction as they were at that time."""
    found = read(ocel, path, columns={"channel": "channel", "outcome": "status", "intent": "priority"})
    said = [
        (e["activity"], e["channel"], e["outcome"], e["intent"]) for e in found.events if e["interaction_id"] == "T-1"
    ]
    assert said[:2] == [("write", "email", "open", "low"), ("answer", "email", "open", "low")]
    assert {e["channel"] for e in found.events if e["activity"] == "ask"} == {"voice"}


def test_values_as_of_the_event(tmp_path: Path) -> None:
    """After a change the new value holds."""
    last = {"id": "e9", "type": "close", "time": "2026-03-02T12:00:00Z", "relationships": [{"objectId": "T-1"}]}
    found = read(ocel, changed(tmp_path, lambda log: log["events"].append(last)), columns={"outcome": "status"})
    assert found.events[-1]["outcome"] == "solved"


def test_other_types_by_mapping() -> None:
    """Any object type can be the interaction; a part can be left out."""
    found = read(ocel, FILES[0], columns={"case": "invoice", "team": ""})
    assert [(e["interaction_id"], e["activity"], e["agent"], e["team"]) for e in found.events] == [
        ("I-9", "print invoice", "ana", None)
    ]
    assert len(found.rejects) == 5


def test_what_cannot_be_meant(tmp_path: Path) -> None:
    """Unknown types and keys are errors, all at once; without a likely type it is asked for one, with a list."""
    with pytest.raises(InputError) as caught:
        read(ocel, FILES[0], columns={"case": "tickets", "time": "x"})
    assert caught.value.problems[0].fix == "did you mean 'ticket'?"
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match=r"--map case=TYPE; object types are: .*thing \(2\)"):
        read(ocel, write(tmp_path, json.dumps(LOG).replace('"ticket"', '"thing"')))
    only = changed(tmp_path, lambda log: log.update(events=log["events"][4:5]))
    with pytest.raises(InputError, match=r"no event has an object of type ticket\n.*invoice \(1\)"):
        read(ocel, only)


def test_repeats_and_loose_ends(tmp_path: Path) -> None:
    """Ids that come twice are read once, unknown objects are counted, events without id or time are rejected."""

    def spoil(log: dict[str, Any]) -> None:
        late = {"id": "e8", "type": "x", "time": "soon", "relationships": [{"objectId": "T-1"}]}
        log["events"] += [log["events"][0], {"type": "x", "time": "2026-03-02T10:00:00Z"}, 7, late]
        log["events"][1]["relationships"].append({"objectId": "gone"})

    found = read(ocel, changed(tmp_path, spoil))
    assert found.note("duplicates") and found.note("bad_reference")
    assert {r["reason"] for r in found.rejects} == {
        "the event has no object of type ticket",
        "one of events without id or type",
        "not a time",
        "an object was expected, not a number",
    }


def test_several_agents_and_customers(tmp_path: Path) -> None:
    """Of several agents the first is taken, of several customers none; both are counted."""

    def more(log: dict[str, Any]) -> None:
        log["objects"].append({"id": "K-2", "type": "customer"})
        log["events"][1]["relationships"] += [{"objectId": "bo"}, {"objectId": "K-2"}]

    found = read(ocel, changed(tmp_path, more))
    assert [e["agent"] for e in found.events if e["activity"] == "answer"] == ["ana"]
    assert {e["customer"] for e in found.events if e["interaction_id"] == "T-1"} == {None}
    assert len([note for note in found.notes if note.kind == "several_objects"]) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE log [<!ENTITY a "b">]><log><objects/></log>', "not safe"),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd"><log><objects/></log>', "not safe"),
        ("<log><object-types/><objects><object id='1' type='ticket'>", "cannot be read"),
        ("<log><objects>" + "<a>" * 200 + "</a>" * 200 + "</objects></log>", "too deeply"),
        ("<log><objects></events></log>", "mismatched tag"),
        ("<log><objects/></log>", "contains no events"),
    ],
)
def test_bad_xml(tmp_path: Path, text: str, reason: str) -> None:
    """Declarations, truncation and deep nesting are errors with their line."""
    path = write(tmp_path, text, "log.xml")
    assert ocel.sniff(SourceFile(path.name, path)) is not None
    with pytest.raises(InputError, match=reason):
        read(ocel, path)


def test_bad_sqlite(tmp_path: Path) -> None:
    """A SQLite file without the tables of the format, or a damaged one, is an error."""
    path = tmp_path / "log.sqlite"
    with sqlite3.connect(path) as found:
        found.execute("CREATE TABLE event_map_type (ocel_type, ocel_type_map)")
        found.execute("INSERT INTO event_map_type VALUES ('x', 'no \"such')")
    found.close()
    with pytest.raises(InputError, match="this OCEL cannot be read"):
        read(ocel, path)
    whole = FILES[2].read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="SQLite says"):
        read(ocel, path)


def test_views_of_a_file_are_not_run(tmp_path: Path) -> None:
    """A file that hides a query without an end behind the name of a table is refused."""
    path = tmp_path / "log.sqlite"
    path.write_bytes(FILES[2].read_bytes())
    with sqlite3.connect(path) as found:
        found.execute("DROP TABLE event_object")
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS ocel_event_id, i"
        found.execute(f"CREATE VIEW event_object AS {endless} AS ocel_object_id FROM n")
    found.close()
    with pytest.raises(InputError, match=r"not authorized|prohibited"):
        read(ocel, path)


OLD_EVENTS = {  # id → activity, time, objects, values
    "e1": ("write", "2026-03-02T10:00:00Z", ["T-1", "K 1"], {"channel": "email"}),
    "e2": ("answer", "2026-03-02T10:05:00Z", ["T-1", "ana", "Billing"], {}),
    "e3": ("repair", "2026-03-02T11:00:00Z", ["T-1", "T-2", "cem", "Tech"], {"channel": 'O\'Neil, "x"'}),
    "e4": ("weigh", "2026-03-02T12:00:00Z", ["K 1"], {}),
}
OLD_OBJECTS = {
    "T-1": "ticket",
    "T-2": "ticket",
    "K 1": "customer",
    "ana": "agent",
    "cem": "agent",
    "Billing": "team",
    "Tech": "team",
}


def old_json(folder: Path) -> Path:
    """The events as OCEL 1.0 in JSON."""
    events = {
        key: {"ocel:activity": a, "ocel:timestamp": t, "ocel:omap": o, "ocel:vmap": v}
        for key, (a, t, o, v) in OLD_EVENTS.items()
    }
    objects = {key: {"ocel:type": kind, "ocel:ovmap": {}} for key, kind in OLD_OBJECTS.items()}
    return write(
        folder,
        {"ocel:global-log": {"ocel:version": "1.0"}, "ocel:events": events, "ocel:objects": objects},
        "log.jsonocel",
    )


def old_xml(folder: Path) -> Path:
    """The events as OCEL 1.0 in XML."""
    root = ET.Element("log")
    ET.SubElement(ET.SubElement(root, "global", scope="event"), "string", {"key": "ocel:activity", "value": "?"})
    events, objects = ET.SubElement(root, "events"), ET.SubElement(root, "objects")

    def put(parent: ET.Element, tag: str, key: str, value: str) -> None:
        ET.SubElement(parent, tag, {"key": key, "value": value})

    for key, (activity, time, touched, values) in OLD_EVENTS.items():
        event = ET.SubElement(events, "event")
        put(event, "string", "id", key)
        put(event, "string", "activity", activity)
        put(event, "date", "timestamp", time)
        lists = {name: ET.SubElement(event, "list", key=name) for name in ("omap", "vmap")}
        for one in touched:
            put(lists["omap"], "string", "object-id", one)
        for name, value in values.items():
            put(lists["vmap"], "string", name, value)
    for key, kind in OLD_OBJECTS.items():
        each_object = ET.SubElement(objects, "object")
        put(each_object, "string", "id", key)
        put(each_object, "string", "type", kind)
        ET.SubElement(each_object, "list", key="ovmap")
    return write(folder, ET.tostring(root, encoding="unicode"), "log.xmlocel")


def old_csv(folder: Path) -> Path:
    """The events as OCEL 1.0 in CSV, with a list of ids for each type of objects."""
    kinds = sorted(set(OLD_OBJECTS.values()))
    path = folder / "log.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        types = [f"ocel:type:{kind}" for kind in kinds]
        table.writerow(["ocel:eid", "ocel:timestamp", "ocel:activity", *types, "channel"])
        for key, (activity, time, touched, values) in OLD_EVENTS.items():
            lists = [[one for one in touched if OLD_OBJECTS[one] == kind] for kind in kinds]
            table.writerow([key, time, activity, *(str(ids) if ids else "" for ids in lists), values.get("channel")])
    return path


@pytest.mark.parametrize("old", [old_json, old_xml, old_csv])
def test_version_1(old: Callable[[Path], Path], tmp_path: Path) -> None:
    """Events, objects and values of OCEL 1.0 are read alike from each of its forms; what touches no ticket is not."""
    path = old(tmp_path)
    assert ocel.sniff(SourceFile(path.name, path)) and not xes.sniff(SourceFile(path.name, path))
    found = read(ocel, path, columns={"channel": "channel"})
    assert [(e["interaction_id"], e["activity"], e["agent"], e["team"], e["channel"]) for e in found.events] == [
        ("T-1", "write", None, None, "email"),
        ("T-1", "answer", "ana", "Billing", None),
        ("T-1", "repair", "cem", "Tech", 'O\'Neil, "x"'),
        ("T-2", "repair", "cem", "Tech", 'O\'Neil, "x"'),
    ]
    assert {e["customer"] for e in found.events if e["interaction_id"] == "T-1"} == {"K 1"}
    assert [(reject["value"], reject["column"]) for reject in found.rejects] == [("e4", "relationships")]


def test_version_1_with_holes(tmp_path: Path) -> None:
    """Events and objects without what they need are rejected; without any event the file is an error."""
    events = {"e1": {"ocel:timestamp": "2026-03-02T10:00:00Z"}, "e2": 7}
    path = write(tmp_path, {"ocel:global-log": {}, "ocel:events": events, "ocel:objects": {"o": {}}})
    with pytest.raises(InputError, match="contains no events"):
        read(ocel, path)


@each
def test_who_claims_it(path: Path) -> None:
    """The reader claims its formats, and XES does not."""
    file = SourceFile(path.name, path)
    match = ocel.sniff(file)
    assert match is not None and match.score > (claim.score if (claim := xes.sniff(file)) else 0)


def with_people(folder: Path, name: str, **more: Any) -> Path:
    """A log of one ticket whose events name their people in attributes."""
    events = [
        {
            "id": f"e{n}",
            "type": f"step {n}",
            "time": f"2026-01-0{n + 1}T10:00:00Z",
            "attributes": [{"name": name, "value": who}, {"name": "org:group", "value": team}],
            "relationships": [{"objectId": "t1", "qualifier": ""}],
        }
        for n, (who, team) in enumerate([("Ann", "L1"), ("Bob", "L2"), ("Ann", "L1")])
    ]
    log = {
        "eventTypes": [],
        "objectTypes": [],
        "events": events,
        "objects": [{"id": "t1", "type": "ticket", "attributes": [], "relationships": []}],
        **more,
    }
    path = folder / "log.json"
    path.write_text(json.dumps(log))
    return path


@pytest.mark.parametrize("name", ["resource", "org:resource", "Agent", "user"])
def test_people_in_attributes_of_events_own(tmp_path: Path, name: str) -> None:
    """Where no object type is the agent or the team, an attribute that is named like one tells who owned each event."""
    found = read(ocel, with_people(tmp_path, name))
    assert found.column("agent") == ["Ann", "Bob", "Ann"] and found.column("team") == ["L1", "L2", "L1"]
    assert found.visits() == ["L1", "L2", "L1"]
    assert found.reports[0].columns["agent"] == name
    assert "attribute of events" in found.reports[0].reasons["agent"]


def test_people_in_other_attributes_own_by_mapping(tmp_path: Path) -> None:
    """`--map agent=` names an attribute too, and one with nothing behind it says that there is none."""
    path = with_people(tmp_path, "who did it")
    assert read(ocel, path).column("agent") == [None] * 3
    given = {"agent": "who did it", "team": ""}
    found = read(ocel, path, columns=given)
    assert found.column("agent") == ["Ann", "Bob", "Ann"] and found.column("team") == [None] * 3
