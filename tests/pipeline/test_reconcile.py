"""A source's own totals beside what its events give."""

from __future__ import annotations

import csv
import gzip
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.pipeline import Settings, reconcile, run
from miner.pipeline.reconcile import COUNTS, reconciled
from miner.pipeline.runner import look
from miner.readers import readers
from tests.oracles.reconcile import MOVES, counts
from tests.readers.reading import FIXTURES

ROOT = Path(__file__).resolve().parents[2]
NAMES = st.sampled_from([None, "A", "B", "siebel"])
EVENT = st.fixed_dictionaries(
    {
        "started_us": st.integers(0, 3),
        "sequence": st.sampled_from([None, 1, 2]),
        "team": NAMES,
        "agent": NAMES,
        "actor_type": st.sampled_from(["agent", "bot", "customer", "rule", "unknown"]),
        "event_type": st.sampled_from(
            [
                None,
                "assigned",
                "reopened",
                "message",
                "handoff",
                "queue_enter",
                "ivr_enter",
                "agent_connected",
                "conference_join",
                "hold",
                "wrapup_start",
            ]
        ),
        "lasted": st.sampled_from([None, 0, 400, 1_500_000, 3_000_000]),
        "hold_us": st.sampled_from([None, 0, 400, 1_499]),
        "handoff_kind": st.sampled_from([None, "blind", "consult", "consult_only", "requeue_no_answer", "external"]),
        "moves": st.dictionaries(st.sampled_from(MOVES), st.sampled_from(["A", "B"]), max_size=2),
    }
)


def compared(engine: Engine) -> dict[str, tuple[float, int]]:
    """Count → what was declared and derived, of the one interaction."""
    rows = engine.rows("SELECT compared_with, declared, derived FROM reconciliation")
    return {count: (declared, derived) for count, declared, derived in rows}


@settings(max_examples=60)
@given(events=st.lists(EVENT, min_size=1, max_size=9))
def test_every_count_is_that_of_the_brute_force_program(
    monkeypatch: pytest.MonkeyPatch, events: list[dict[str, Any]]
) -> None:
    """Whatever the events are, each count is what the program in tests/oracles counts one by one."""
    monkeypatch.setattr(reconcile, "meanings", lambda system: {"everything": tuple(COUNTS)})
    with Engine() as engine:
        sink = Sink(engine)
        sink.begin("x")
        for line, event in enumerate(events):
            lasted = event.pop("lasted")
            event |= {
                "line": line,
                "source_no": 0,
                "activity": "x",
                "ended_us": None if lasted is None else event["started_us"] + lasted,
            }
            columns = {k: v for k, v in event.items() if k not in ("moves", "source_no")}
            sink.event(interaction_id="i", attributes=json.dumps(event["moves"]) if event["moves"] else None, **columns)
        sink.interaction(interaction_id="i", source_system="x", declared='{"everything": 3}')
        sink.flush()
        reconcile.reconcile(engine)
        assert compared(engine) == {name: (3.0, count) for name, count in counts(events).items()}


def test_a_total_without_a_meaning_or_a_number_is_not_compared() -> None:
    """Unknown totals are named, null where something was derived; texts, lists and broken JSON are passed over."""
    with Engine() as engine:
        sink = Sink(engine)
        sink.begin("x")
        sink.event(interaction_id="i", started_us=0, activity="x", actor_type="agent")
        said = '{"new\'\\"one": "7", "reopens": 2, "status": "open", "list": [1], "none": null, "yes": true}'
        sink.interaction(interaction_id="i", source_system="zendesk", declared=said)
        sink.interaction(interaction_id="j", source_system="zendesk", declared="{no json")
        sink.flush()
        reconcile.reconcile(engine)
        found = {row["total"]: row for row in reconciled(engine)}
        assert found.keys() == {"new'\"one", "reopens"}
        assert found["new'\"one"]["compared_with"] is None and found["new'\"one"]["different"] is None
        assert (found["reopens"]["equal"], found["reopens"]["different"]) == (0, 1)
        assert found["reopens"]["examples"] == [{"interaction_id": "i", "declared": 2.0, "derived": 0}]


def test_what_readers_say_of_totals_names_counts_that_there_are() -> None:
    """TOTALS of every reader names counts of the list, and none that it also says it can't compare."""
    for reader in readers().values():
        for total, said in getattr(reader, "TOTALS", {}).items():
            assert {said} if isinstance(said, str) else set(said) <= COUNTS.keys(), (reader.NAME, total)
            assert total not in getattr(reader, "NOT_COMPARED", {})


@pytest.mark.parametrize(
    ("file", "total", "count", "interactions", "different"),
    [
        ("genesys/conversations.json", "nTransferred", "transfers", 2, 0),
        ("genesys/conversations.json", "nBlindTransferred", "blind_transfers", 1, 0),
        ("genesys/conversations.json", "nConsultTransferred", "consult_transfers", 1, 0),
        ("intercom/conversation.json", "count_assignments", "assignments", 1, 0),
        ("intercom/conversation.json", "count_reopens", "reopens", 1, 0),
        ("aircall/calls.json", "transferred", "transfers", 1, 0),
        ("genesys/conversations.json", "tTalk", "talk_ms", 1, 0),
        ("connect/contacts.jsonl", "AgentInteractionDuration", "talk_s", 2, 0),
        ("connect/contacts.jsonl", "CustomerHoldDuration", "hold_s", 2, 0),
        ("asterisk_queue_log/queue_log", "calltime", "talk_s", 2, 0),
        ("bank_calls/calls.txt", "q_time", "queue_s", 3, 0),
        ("uccx", "workTime", "wrap_s", 1, 0),
        ("cxone/completed_contacts.csv", "InQueue", "queue_s", 5, 0),
        ("talkdesk/calls.json", "is_transfer", "transfers", 3, 1),
    ],
)
def test_the_fixtures_reconcile(file: str, total: str, count: str, interactions: int, different: int) -> None:
    """The totals that the hand-made exports declare are those of their events."""
    found, _ = look([str(FIXTURES / file)], Settings(tz="UTC"))
    (row,) = (r for r in found["reconciled"] if (r["total"], r["compared_with"]) == (total, count))
    assert (row["interactions"], row["different"]) == (interactions, different)
    assert row["equal"] == interactions - different


def test_the_incident_log_reconciles_as_its_rows_say() -> None:
    """Reassignments and reopenings of each incident, counted from the rows of the file, equal what is reported."""
    log = ROOT / "sample_logs" / "servicenow" / "incident_event_log.csv.gz"
    incidents: dict[str, list[dict[str, str]]] = {}
    with gzip.open(log, "rt") as lines:
        for row in csv.DictReader(lines):
            incidents.setdefault(row["number"], []).append(row)
    pairs = []
    for rows in incidents.values():
        groups = [row["assignment_group"] for row in rows if row["assignment_group"] != "?"]
        pairs.append((int(rows[-1]["reassignment_count"]), sum(a != b for a, b in pairwise(groups))))
    found, _ = look([str(log)], Settings())
    totals = {row["compared_with"]: row for row in found["reconciled"]}
    for count in ("team_reassignments", "team_handoffs"):
        row = totals[count]
        assert (row["interactions"], row["equal"]) == (20_769, sum(a == b for a, b in pairs)) == (20_769, 17_248)
        assert (row["sum_declared"], row["sum_derived"]) == tuple(map(sum, zip(*pairs, strict=True)))
    assert (totals["reopens"]["equal"], totals["reopens"]["different"]) == (20_768, 1)


def test_a_run_saves_every_comparison(tmp_path: Path) -> None:
    """tables/reconciliation.parquet holds each interaction, equal or not; quality.json counts the same."""
    work = run([str(FIXTURES / "genesys" / "conversations.json")], tmp_path / "w", Settings(until="measure"))
    table = work.table("reconciliation")
    mine = table[table["compared_with"] == "transfers"]
    assert dict(zip(mine["interaction_id"], mine["derived"], strict=True)) == {"genesys:g-1": 1, "genesys:g-2": 1}
    (row,) = (r for r in work.quality["reconciled"] if r["compared_with"] == "transfers")
    assert row["equal"] == 2 and row["sum_derived"] == 2
