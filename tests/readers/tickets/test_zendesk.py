"""Zendesk ticket audits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import zendesk
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "zendesk" / "audits.json"
AUDITS: list[dict[str, Any]] = json.loads(EXAMPLE.read_text())["audits"]
WEB = {"channel": "web"}


def audit(n: int, author: int, *events: dict[str, Any], ticket: int = 1, **more: Any) -> dict[str, Any]:
    """Audit n of a ticket, n minutes after ten."""
    return {
        "id": n,
        "ticket_id": ticket,
        "created_at": f"2026-03-02T10:{n:02}:00Z",
        "author_id": author,
        "via": WEB,
        "events": list(events),
        **more,
    }


def change(field: str, value: Any, before: Any = None, **more: Any) -> dict[str, Any]:
    """A Change event of a field."""
    return {"type": "Change", "field_name": field, "value": value, "previous_value": before, **more}


def create(field: str, value: Any) -> dict[str, Any]:
    """A Create event of a field."""
    return {"type": "Create", "field_name": field, "value": value}


def audits(tmp_path: Path, *found: dict[str, Any], **more: Any) -> Path:
    """A file with one page of audits."""
    return write(tmp_path, {"audits": list(found), **more})


def test_the_example() -> None:
    """One group hand-off 10 to 11, one assignment by a rule, one reopen, on ticket 4711."""
    found = read(zendesk, EXAMPLE)
    assert set(found.column("interaction_id")) == {"zendesk:4711"}
    moves = [event for event in found.events if event["handoff_kind"]]
    assert [(e["handoff_kind"], json.loads(e["attributes"])["to_team"]) for e in moves] == [("group_reassign", "11")]
    assert [(e["actor_type"], e["actor"]) for e in found.of_type("assigned")][-1] == ("rule", "Assign Tier 2")
    assert sum(e["actor_type"] == "rule" for e in found.of_type("assigned")) == 1
    assert len(found.of_type("reopened")) == 1
    assert found.visits() == ["10", "11"]
    assert set(found.column("channel")) == {"email"}
    assert set(found.column("customer")) == {"zendesk:501"}
    assert [e["outcome"] for e in found.of_type("resolved")] == ["resolved"]
    assert found.reports[0].rows == 6 and found.reports[0].events == len(found.events) == 8


def test_the_mover_still_belongs_to_the_old_group() -> None:
    """The audit that moves a ticket is the sender's; the receiver's visit begins with their own first step."""
    found = read(zendesk, EXAMPLE)
    assert [event["team"] for event in found.events] == [None, "10", "10", "10", "10", None, "11", None]


def test_group_and_assignee_together_are_one_assignment(tmp_path: Path) -> None:
    """A change of group and assignee in one audit is one step and one hand-off."""
    found = read(
        zendesk,
        audits(
            tmp_path,
            audit(1, 5, create("group_id", 10)),
            audit(2, 7, change("group_id", "11", "10"), change("assignee_id", 8, None)),
            audit(3, 8, change("status", "solved", "new")),
        ),
    )
    (assigned,) = found.of_type("assigned")
    assert assigned["handoff_kind"] == "group_reassign"
    assert json.loads(assigned["attributes"]) == {"from_team": "10", "to_team": "11", "to_agent": "8"}
    assert found.visits() == ["10", "11"]


@pytest.mark.parametrize("form", ["page", "array", "lines", "documents", "shuffled"])
def test_every_form_reads_alike(tmp_path: Path, form: str) -> None:
    """Pages, arrays, JSON lines and audits in another order give the same events."""
    value: Any = {
        "page": {"audits": AUDITS, "next_page": None},
        "array": json.dumps(AUDITS),
        "lines": AUDITS,
        "documents": "".join(json.dumps({"audits": [one]}) for one in AUDITS),
        "shuffled": AUDITS[::-1],
    }[form]
    plain = [{**e, "line": 0, "source": ""} for e in read(zendesk, EXAMPLE).events]
    assert [{**e, "line": 0, "source": ""} for e in read(zendesk, write(tmp_path, value)).events] == plain


def test_overlapping_pages_in_several_files_are_one_history(tmp_path: Path) -> None:
    """Pages that overlap and a ticket split over files give what one file gives; the repeats are counted."""
    first, second = write(tmp_path, AUDITS[:4], "p1.json"), write(tmp_path, AUDITS[2:], "p2.json")
    found, whole = read(zendesk, second, first), read(zendesk, EXAMPLE)
    names = ("started_us", "sequence", "activity", "team", "actor", "customer", "outcome")
    assert [[e[n] for n in names] for e in found.events] == [[e[n] for n in names] for e in whole.events]
    note = found.note("duplicates")
    assert note is not None and note.count == 2
    assert sum(report.events for report in found.reports) == len(whole.events)


def test_side_loads_give_names_roles_and_customers(tmp_path: Path) -> None:
    """Users, groups and tickets of the page, or of a file of their own, name teams, agents and the customer."""
    side = {
        "users": [
            {"id": 501, "name": "Ann", "email": "ANN@example.com", "role": "end-user", "external_id": "K-7"},
            {"id": 21, "name": "Bo", "role": "agent"},
            {"id": 35, "name": "Bo", "role": "admin"},
        ],
        "groups": [{"id": 10, "name": "Billing"}, {"id": 11, "name": "Tech"}],
        "tickets": [
            {
                "id": 4711,
                "requester_id": 501,
                "custom_fields": [{"id": 360, "value": "refund"}],
                "satisfaction_rating": {"score": "bad"},
                "metric_set": {"reopens": 1, "group_stations": 2},
            }
        ],
    }
    together = read(zendesk, write(tmp_path, {"audits": AUDITS, **side}), columns={"intent": "360"})
    apart = read(zendesk, EXAMPLE, write(tmp_path, side, "side.json"), columns={"intent": "360"})
    for found in (together, apart):
        assert found.visits() == ["Billing", "Tech"]
        assert {e["agent"] for e in found.events if e["agent"]} == {"21", "35"}  # both are called Bo
        assert set(found.column("customer")) == {"K-7"}
        assert set(found.column("intent")) == {"refund"}
        interaction = found.interactions["zendesk:4711"]
        assert json.loads(interaction["declared"]) == {"reopens": 1, "group_stations": 2, "satisfaction": "bad"}
        assert found.note("reconcile") is None


def test_customer_keys_fall_back(tmp_path: Path) -> None:
    """Without an external id the e-mail address is the customer, in lower case."""
    users = [{"id": 501, "email": "ANN@example.com", "role": "end-user"}]
    assert set(read(zendesk, audits(tmp_path, *AUDITS, users=users)).column("customer")) == {"ann@example.com"}


def test_an_agents_own_ticket_has_no_customer(tmp_path: Path) -> None:
    """Who creates a ticket but is known as an agent is not taken for its customer."""
    found = read(zendesk, audits(tmp_path, audit(1, 7, create("status", "new")), audit(2, 7, change("assignee_id", 7))))
    assert set(found.column("customer")) == {None}
    assert set(found.column("actor_type")) == {"agent"}


def test_the_event_s_own_via_beats_the_audit(tmp_path: Path) -> None:
    """A change that a trigger makes inside an agent's audit is the trigger's."""
    rule = {"channel": "rule", "source": {"rel": "trigger", "from": {"title": "Raise"}}}
    found = read(
        zendesk,
        audits(tmp_path, audit(1, 7, change("priority", "high", "low", via=rule), change("status", "open", "new"))),
    )
    assert [(e["actor_type"], e["actor"]) for e in found.events] == [("rule", "Raise"), ("unknown", "7")]


def test_comments_and_fields(tmp_path: Path) -> None:
    """Replies, customer messages, notes, field changes, surveys, merges and unknown types are told apart."""
    merge = {"channel": "web", "source": {"rel": "merge", "from": {"ticket_id": 77}}}
    found = read(
        zendesk,
        audits(
            tmp_path,
            audit(1, 5, create("status", "new"), {"type": "Comment", "public": True}),
            audit(2, 7, {"type": "Comment", "public": False}),
            audit(3, 7, {"type": "Comment", "public": True}),
            audit(4, 5, {"type": "Comment", "public": True}),
            audit(5, 7, change("360001", "x")),
            audit(6, 5, {"type": "SatisfactionRating", "score": "offered"}),
            audit(7, 5, {"type": "SatisfactionRating", "score": "bad"}),
            audit(8, 7, {"type": "FlyToTheMoon"}),
            audit(9, 7, {"type": "Comment", "public": False}, via=merge),
            audit(10, 7, change("assignee_id", None, "7")),
        ),
    )
    assert [(e["activity"], e["event_type"]) for e in found.events] == [
        ("Ticket created", "started"),
        ("Internal note", "note"),
        ("Reply", "message"),
        ("Customer message", "message"),
        ("Changed field 360001", "field_changed"),
        ("Survey offered", "survey_offered"),
        ("Survey answered", "survey_answered"),
        ("FlyToTheMoon", None),
        ("Merged", "merged"),
        ("Unassigned", "unassigned"),
    ]
    assert ("zendesk:1", "zendesk:77", "merge") in found.references
    note = found.note("unknown values")
    assert note is not None and note.examples == ["FlyToTheMoon"]
    assert all("body" not in (e["attributes"] or "") for e in found.events)


def test_missing_audits_are_noticed(tmp_path: Path) -> None:
    """A change that starts elsewhere than the last one ended shows that audits are missing; the source is believed."""
    found = read(
        zendesk,
        audits(
            tmp_path,
            audit(1, 7, change("group_id", "11", "10")),
            audit(2, 8, change("group_id", "13", "12")),
            audit(3, 9, {"type": "Comment", "public": False}),
        ),
    )
    assert found.visits() == ["10", "12", "13"]
    assert found.note("truncated")


def test_bad_audits_are_rejected_one_by_one(tmp_path: Path) -> None:
    """Records of the wrong shape are rejected with a reason, and the rest is read."""
    bad = [
        {"id": 1},
        audit(2, 7) | {"events": "none"},
        audit(3, 7) | {"via": "email"},
        audit(4, 7) | {"created_at": "soon"},
        audit(5, 7) | {"ticket_id": None},
        {"ticket_id": 1, "events": [], "child_events": []},
    ]
    found = read(zendesk, write(tmp_path, [*bad, *AUDITS]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4, 5, 6]
    assert all(reject["reason"] for reject in found.rejects)
    assert found.reports[0].rejected == 6 and len(found.events) == 8


def test_times_without_zone_need_one(tmp_path: Path) -> None:
    """A time without a zone is an error that names --tz, and is read with it."""
    path = audits(tmp_path, audit(1, 7, change("status", "open")) | {"created_at": "2026-03-02 10:00:00"})
    with pytest.raises(InputError, match="--tz"):
        read(zendesk, path)
    assert read(zendesk, path, tz="Europe/Berlin").events[0]["started_us"] % 86_400_000_000 == 9 * 3_600_000_000


def test_files_without_audits_are_errors(tmp_path: Path) -> None:
    """A page of users alone, an empty page and a file of rubbish are errors that say what was expected."""
    for value in ({"users": [{"id": 1}]}, {"audits": []}, [{"a": 1}, {"b": 2}]):
        with pytest.raises(InputError):
            read(zendesk, write(tmp_path, value))


def test_sniff(tmp_path: Path) -> None:
    """Audits are recognised in every form, other JSON is not."""
    assert zendesk.sniff(SourceFile("x.json", EXAMPLE))
    assert zendesk.sniff(SourceFile("x.json", write(tmp_path, AUDITS)))
    assert not zendesk.sniff(SourceFile("x.json", write(tmp_path, [{"ticket_id": 1}])))
    assert not zendesk.sniff(SourceFile("x.json", FIXTURES / "intercom" / "conversation.json"))


def test_what_triage_read(tmp_path: Path) -> None:
    """Sentiment and language that Zendesk's triage wrote into fields are the tone and language of the ticket."""
    changes = [
        change("360001", "sentiment__very_negative"),
        change("360002", "language__en"),
        change("360003", "topic__refund"),
    ]
    found = read(zendesk, audits(tmp_path, audit(1, 501, create("status", "new")), audit(2, -1, *changes)))
    said = [json.loads(event["attributes"]) for event in found.of_type("field_changed") if event["attributes"]]
    assert said == [{"sentiment": "very negative"}, {"language": "en"}]
    assert len(found.of_type("field_changed")) == 3
