"""Workspaces made by hand for the tests of the report: raw events in, the tables of a run out."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from miner.events.engine import Engine
from miner.events.schema import RAW_EVENTS
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure, saved_tables
from miner.sql import save
from miner.workspace import Workspace
from tests.drawings import MINUTE, START, draw

Event = dict[str, Any]
TIME_PARTS = ("work", "rework", "hold", "customer_wait", "queue_wait", "handoff_wait", "off_hours", "between", "tail")


def drawn(path: Path, *drawings: str, **more: Any) -> Workspace:
    """The workspace of a drawing (tests/drawings.py)."""
    return workspace_of(path, draw(*drawings), **more)


def workspace_of(
    path: Path,
    events: list[Event],
    findings: list[dict[str, Any]] | None = None,
    tz: str | None = None,
    say: Callable[[Sink], None] = lambda _: None,
    linked: bool = False,
    keep: tuple[str, ...] = (),
) -> Workspace:
    """A workspace with all tables and JSON files that the report reads; `say` adds what a reader says beside events."""
    workspace = Workspace(path)
    with Engine() as engine:
        sink = Sink(engine)
        for number, event in enumerate(events, start=1):
            sink.event(**{**{k: v for k, v in event.items() if k in RAW_EVENTS}, "line": number})
        say(sink)
        sink.flush()
        owner_level = stitch(engine, linked=linked, keep=keep)
        measure(engine, tz=tz)
        for table in saved_tables():
            save(engine, workspace, table)
        workspace.write_json("summary.json", _summary(engine, owner_level, findings or []))
    workspace.write_json("quality.json", _quality(len(events)))
    workspace.write_json("manifest.json", {"options": {}, "inputs": []})
    return workspace


def _summary(engine: Engine, owner_level: str | None, findings: list[dict[str, Any]]) -> dict[str, Any]:
    def one(sql: str) -> Any:
        return engine.one(sql)[0]

    time = {part: one(f"SELECT coalesce(sum({part}_us), 0) / 1e6 FROM transitions") for part in TIME_PARTS}
    return {
        "events": one("SELECT count(*) FROM events"),
        "interactions": one("SELECT count(*) FROM interactions"),
        "journeys": one("SELECT count(*) FROM journeys"),
        "contacts": one("SELECT count(*) FROM interactions"),
        "conversations": one("SELECT count(*) FROM interactions"),
        "records": 0,
        "customers_with_contact": one("SELECT count(DISTINCT customer) FROM events"),
        "contacts_without_customer": one("SELECT count(*) FROM interactions WHERE customer IS NULL"),
        "journeys_without_contact": 0,
        "customers": one("SELECT count(DISTINCT customer) FROM events"),
        "owner_level": owner_level,
        "handoffs": one("SELECT count(*) FROM handoffs"),
        "cross_silo_handoffs": one("SELECT count(*) FROM handoffs WHERE crosses_silo"),
        "journeys_with_handoff": one("SELECT count(DISTINCT journey_id) FROM handoffs"),
        "returns": one("SELECT count(*) FROM returns"),
        "journeys_with_return": one("SELECT count(DISTINCT journey_id) FROM returns"),
        "loops_by_order": {
            str(k): v for k, v in engine.rows("SELECT loop_order, count(*) FROM returns GROUP BY 1 ORDER BY 1")
        },
        "pingpongs": one("SELECT count(*) FROM pingpongs"),
        "bounces": one("SELECT coalesce(sum(bounces), 0) FROM pingpongs"),
        "elapsed_s": sum(time.values()),
        "time_s": time,
        "fragmentation_cost": {"hours": None, "money": None, "components": {}, "not_computed": {}},
        "rejected_rows": 2,
        "findings": findings,
        "versions": {"interaction-miner": "0.1.0"},
        "seconds": {},
    }


def _quality(rows: int) -> dict[str, Any]:
    source = {
        "file": "made.csv",
        "reader": "csv",
        "why": "has a header with a case and a time",
        "unmapped": ["notes"],
        "columns": {"case": "number", "activity": "state"},
        "reasons": {"case": "one value in many rows"},
        "time": "day first, UTC",
        "rows": rows + 2,
        "events": rows,
        "rejected": 2,
    }
    return {
        "sources": [source],
        "notes": [
            {"kind": "guess", "message": "made.csv: times read as UTC", "count": rows, "examples": ["1/3/2024 10:00"]}
        ],
        "rejects": {
            "count": 2,
            "examples": [
                {"source": "made.csv", "line": 7, "column": "time", "value": "<b>soon</b>", "reason": "not a time"}
            ],
        },
        "assumptions": ["Times without a zone are UTC."],
    }


TEAMS = {
    "Chat front desk": "Service",
    "Phone line": "Service",
    "Refunds": "Finance",
    "Invoices": "Finance",
    "Orders": "Sales",
    "Warehouse": "Logistics",
    "Carriers": "Logistics",
}
_HABITS = {"Service": "Look up order", "Finance": "Ask back", "Sales": "Write note", "Logistics": "Write note"}
_PATHS = {
    "refund": ["Chat front desk", "Refunds", "Chat front desk", "Refunds", "Invoices"],
    "delivery": ["Phone line", "Warehouse", "Carriers", "Phone line"],
    "order": ["Phone line", "Orders"],
    "invoice": ["Chat front desk", "Invoices"],
}


def shop(journeys: int = 300, seed: int = 7, rename: dict[str, str] | None = None) -> list[Event]:
    """Events of a small shop: teams in silos, four intents, a refund loop, work with start and end."""
    luck = random.Random(seed)
    events: list[Event] = []
    for number in range(journeys):
        intent = luck.choices(list(_PATHS), weights=[3, 2, 4, 2])[0]
        path = _PATHS[intent][: luck.choice([1, 2, 2, 3, 4, 5])]
        at = START + luck.randrange(90 * 24 * 60) * MINUTE
        for event in _journey(luck, f"m{number}", intent, path, at):
            events.append({**event, "line": len(events) + 1})
    for event in events:
        for column in ("team", "silo", "activity"):
            event[column] = (rename or {}).get(event[column], event[column])
    return events


def _journey(luck: random.Random, name: str, intent: str, path: list[str], at: int) -> list[Event]:
    made: list[Event] = []
    channel = "chat" if path[0].startswith("Chat") else "voice"

    def add(activity: str, team: str | None, wait: float, length: float, **more: Any) -> None:
        nonlocal at
        at += round(luck.expovariate(1 / wait) * MINUTE) if wait else 0
        end = at + round(length * luck.uniform(0.5, 2) * MINUTE)
        made.append(
            {
                **dict.fromkeys(RAW_EVENTS),
                "journey_id": name,
                "interaction_id": name,
                "source": "made",
                "source_no": 0,
                "source_system": "made",
                "started_us": at,
                "ended_us": end,
                "activity": activity,
                "channel": channel,
                "actor_type": "agent" if team else "customer",
                "actor": "Kim Secret" if team else None,
                "agent": "Kim Secret" if team else None,
                "team": team,
                "silo": TEAMS.get(team or ""),
                "intent": intent,
                "customer": f"c{hash_of(name)}",
                **more,
            }
        )
        at = end

    add(f"Ask about {intent}", None, 0, 2)
    for place, team in enumerate(path):
        add("Take over" if place else "Answer", team, 30 if place < 2 else 900, 6)
        if luck.random() < 0.5:
            add(_HABITS[TEAMS[team]], team, 5, 4)
        if luck.random() < 0.2:
            add("Customer replies", None, 300, 1)
    add("Solve" if luck.random() < 0.8 else "Give up", path[-1], 10, 3, outcome="solved", event_type="resolved")
    return made


def hash_of(name: str) -> int:
    """A stable small number for a name."""
    return sum(map(ord, name)) % 250


def finding(kind: str = "handoff_loop", **more: Any) -> dict[str, Any]:
    """A finding as summary.json has it."""
    made = {
        "kind": kind,
        "title": "Chat front desk and Refunds send 40 journeys back and forth.",
        "where": {"teams": ["Chat front desk", "Refunds"], "path": ["Refunds", "Chat front desk", "Refunds"]},
        "journeys": 40,
        "hours": 900.0 if kind == "handoff_loop" else 450.0,
        "money": None,
        "value": None,
        "low": None,
        "high": None,
        "n": 60,
        "share": 0.13,
        "query": "loops/loop_waits",
        "params": {"team": "Refunds & co"},
        "examples": ["m1", "m2", "m3"],
    }
    return {**made, **more}


HOSTILE = {
    "Answer": "<<TABLE><TR><TD>x</TD></TR></TABLE>>",
    "Take over": '</script><script>document.title="taken"</script>',
    "Solve": "a\"b'c\\N\\G{|}<>&amp;",
    "Give up": "شكوى عن الفاتورة \u202egnihton\u202c",
    "Look up order": "👩‍💻 schaut nach 🛒 " + "e\u0301" * 5,
    "Ask back": "long " * 100,
    "Write note": "   \x00\x07 \n ",
    "Refunds": '<<B>Refunds</B>> "~" | 100%',
    "Chat front desk": "<img src=x onerror=alert(1)>",
    "Finance": "Fin&ance <silo>",
}
