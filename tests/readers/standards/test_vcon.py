"""vCon conversations: old and new drafts, signed, encrypted, with transfers and party history."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.readers.base import Options, SourceFile
from miner.readers.standards import vcon
from tests.readers.reading import FIXTURES, Reading, read, write

FOLDER = FIXTURES / "vcon"
MEYER: dict[str, Any] = json.loads((FOLDER / "meyer.vcon.json").read_text())
SECOND = 1_000_000
CUSTOMER = {"tel": "+4930123456", "role": "customer", "type": "person"}
ANA = {"name": "Ana", "role": "agent", "dept": "Billing"}
BO = {"name": "Bo", "role": "agent", "dept": "Tech"}


def container(*dialogs: dict[str, Any], parties: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A vCon of a customer and two agents."""
    return {"uuid": "u-1", "parties": parties or [CUSTOMER, ANA, BO], "dialog": list(dialogs), **more}


def at(minute: int) -> str:
    """A moment of the second of March 2026."""
    return f"2026-03-02T10:{minute:02}:00.000Z"


def call(*parties: int, **more: Any) -> dict[str, Any]:
    """A recording of ten minutes from ten o'clock."""
    return {"type": "recording", "start": at(0), "duration": 600, "parties": list(parties), **more}


def history(*moments: tuple[int, int, str]) -> list[dict[str, Any]]:
    """Party history of (minute, party, event)."""
    return [{"time": at(minute), "party": party, "event": event} for minute, party, event in moments]


def reading(tmp_path: Path, *values: dict[str, Any], **options: Any) -> Reading:
    """What a file of these vCons gives."""
    return read(vcon, write(tmp_path, list(values)), **options)


def minutes(found: Reading) -> list[tuple[str, str | None, float, float]]:
    """Activity, team, first and last minute of each event."""
    zero = 1_772_445_600 * SECOND
    return [
        (e["activity"], e["team"], (e["started_us"] - zero) / SECOND / 60, (e["ended_us"] - zero) / SECOND / 60)
        for e in found.events
    ]


def signed(value: dict[str, Any], packed: bool = False) -> dict[str, Any]:
    """The signed form of a vCon."""
    plain = json.dumps(value).encode()
    payload = base64.urlsafe_b64encode(gzip.compress(plain) if packed else plain).decode().rstrip("=")
    return {"payload": payload, "signatures": [{"protected": "e30", "signature": "AA"}]}


def test_the_example() -> None:
    """A failed attempt, a call with a wait and a hold, one transfer Billing to Tech, and a text."""
    found = read(vcon, FOLDER / "meyer.vcon.json")
    assert found.visits() == ["Billing", "Tech"]
    (hold,), (queue,), (moved,) = found.of_type("hold"), found.of_type("queue_enter"), found.of_type("handoff")
    assert hold["ended_us"] - hold["started_us"] == 95 * SECOND
    assert queue["ended_us"] - queue["started_us"] == 324 * SECOND
    assert (moved["handoff_kind"], moved["team"], json.loads(moved["attributes"])["to_team"]) == (
        "blind",
        "Billing",
        "Tech",
    )
    assert [e["actor_type"] for e in found.of_type("message")] == ["customer"]
    assert [e["activity"] for e in found.of_type("abandoned")] == ["Incomplete call: hung-up"]
    said = found.interactions[f"vcon:{MEYER['uuid']}"]
    assert (said["customer"], said["customer_type"], said["declared"]) == ("+4930123456", "human", '{"transfers": 1}')
    assert json.loads(said["identity"]) == {"phone": "+4930123456", "name": "L. Meyer"}
    assert found.references == {(f"vcon:{MEYER['uuid']}", "c-1", "interaction_id")}
    assert not found.rejects


@pytest.mark.parametrize(
    ("name", "events", "seconds"),
    [
        ("ab_call_ext_rec", 1, 33.12),
        ("ab_call_int_rec", 1, 4.72),
        ("cc_ext_ab_call_ext_rec", 1, 33.12),
        ("ab_call_ext_rec_analysis", 1, 33.12),
        ("ab_call_ext_rec_signed", 1, 33.12),
        ("ab_email_acct_prob_thread", 2, 0),
        ("cc_ext_ab_email_acct_prob_thread", 2, 0),
        ("ab_email_prob_followup_bob_reply", 2, 0),
        ("ab_email_prob_followup_text_thread", 3, 0),
        ("cc_ext_ab_email_prob_followup_text_thread", 3, 0),
    ],
)
def test_the_drafts_own_examples(name: str, events: int, seconds: float) -> None:
    """Every example of the working group is read as the README of the fixtures says."""
    found = read(vcon, FOLDER / f"{name}.vcon")
    assert [e["channel"] for e in found.events] == ["voice" if seconds else "email"] * events
    assert sum(e["ended_us"] - e["started_us"] for e in found.events) == round(seconds * SECOND)
    assert found.visits() == [] and found.note("unknown roles") is not None and not found.rejects


def test_all_examples_together(tmp_path: Path) -> None:
    """Files with the same uuid are one vCon; the empty one gives nothing; an encrypted one is an error."""
    files = sorted(FOLDER.glob("ab_*.vcon"))
    with pytest.raises(InputError, match=r"encrypted\.vcon: no record.*\n.*encrypted \(JWE\): decrypt it first"):
        read(vcon, *files)
    found = read(vcon, FOLDER / "ab.vcon", *(path for path in files if "encrypted" not in path.name))
    assert len({e["interaction_id"] for e in found.events}) == 4
    assert found.reports[0].events == 0
    assert sum(note.count for note in found.notes if note.kind == "duplicates") == 3


def test_a_lone_empty_one_is_an_error() -> None:
    """Parties without any dialog are no log."""
    with pytest.raises(InputError, match="no readable dialog"):
        read(vcon, FOLDER / "ab.vcon")


def test_names_of_older_drafts(tmp_path: Path) -> None:
    """What the drafts renamed is read in both forms, with the same result."""
    old = json.loads(
        json.dumps(MEYER)
        .replace("transfer_target", "transfer-target")
        .replace("target_dialog", "target-dialog")
        .replace("mediatype", "mimetype")
    )
    old = {**old, "vcon": "0.0.1", "must_support": ["cc"]}
    assert reading(tmp_path, old).events == reading(tmp_path, {**MEYER, "critical": ["CC"]}).events


def test_what_must_be_understood(tmp_path: Path) -> None:
    """A vCon that names an extension we lack as critical is rejected by name; the others are read."""
    for name in ("critical", "must_support"):
        found = reading(
            tmp_path, container(call(0, 1), **{name: ["CC", "lawful_basis"]}), container(call(0, 1), uuid="u-2")
        )
        assert {e["interaction_id"] for e in found.events} == {"vcon:u-2"}
        assert "requires lawful_basis, which is not supported" in found.rejects[0]["reason"]


@pytest.mark.parametrize("packed", [False, True])
def test_signed(tmp_path: Path, packed: bool) -> None:
    """The signed form, once or twice over, plain or gzipped, reads as the unsigned; nobody checks who signed."""
    plain = reading(tmp_path, container(call(0, 1))).events
    found = reading(tmp_path, signed(signed(container(call(0, 1)), packed)))
    assert found.events == plain
    assert found.note("signature_not_checked") is not None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"ciphertext": "AA", "recipients": []}, "encrypted"),
        ({"payload": "%%", "signatures": []}, "cannot be read"),
        ({"payload": 1, "signatures": []}, "not text"),
        ({"payload": "MQ", "signatures": []}, "not an object"),
        ({"payload": "H4sI", "signatures": []}, "cannot be read"),
        ({"subject": "x"}, "neither parties nor dialog"),
        ({"uuid": "u", "parties": 3, "dialog": [1]}, "not a list of objects"),
    ],
)
def test_what_is_no_plain_vcon(tmp_path: Path, value: dict[str, Any], reason: str) -> None:
    """Records that are no vCon in plain or signed form are rejected with the reason, the others are read."""
    found = reading(tmp_path, container(call(0, 1)), value)
    assert found.events and reason in found.rejects[0]["reason"]


def test_history_out_of_order(tmp_path: Path) -> None:
    """Who was there when follows from the times, not from the order; who comes back is there twice."""
    events = history((9, 2, "drop"), (4, 2, "join"), (4, 1, "drop"), (1, 1, "join"), (0, 0, "join"), (9, 1, "join"))
    found = reading(tmp_path, container(call(0, 1, 2, party_history=events)))
    assert found.visits() == ["Billing", "Tech", "Billing"]
    assert minutes(found) == [
        ("Called", None, 0, 0),
        ("Queued", None, 0, 1),
        ("Conversation", "Billing", 1, 4),
        ("Conversation", "Tech", 4, 9),
        ("Conversation", "Billing", 9, 10),
    ]


def test_holds(tmp_path: Path) -> None:
    """A hold of the customer is the agent's who talks then; one without an end lasts until somebody leaves."""
    events = history((0, 0, "join"), (0, 1, "join"), (2, 0, "hold"), (3, 0, "unhold"), (6, 0, "hold"), (8, 0, "drop"))
    found = reading(tmp_path, container(call(0, 1, party_history=events)))
    assert [(name, team, a, b) for name, team, a, b in minutes(found) if name == "On hold"] == [
        ("On hold", "Billing", 2, 3),
        ("On hold", "Billing", 6, 8),
    ]


def test_the_wait_begins_after_the_bot(tmp_path: Path) -> None:
    """The customer waits from the end of the bot to the first person."""
    parties = [CUSTOMER, {"name": "Ada", "type": "bot"}, ANA]
    events = history((0, 0, "join"), (0, 1, "join"), (2, 1, "drop"), (5, 2, "join"))
    found = reading(tmp_path, container(call(0, 1, 2, party_history=events), parties=parties))
    assert ("Queued", None, 2, 5) in minutes(found)
    assert found.visits() == ["Ada", "Billing"]


def test_consult(tmp_path: Path) -> None:
    """Who is asked takes nothing over; after the transfer they have it."""
    dialogs = [
        call(0, 1),
        call(1, 2, start=at(5), duration=60),
        call(0, 2, start=at(10), duration=60),
        {
            "type": "transfer",
            "start": at(10),
            "transferee": 0,
            "transferor": 1,
            "transfer_target": [2],
            "original": 0,
            "consultation": [1],
            "target_dialog": 2,
        },
    ]
    found = reading(tmp_path, container(*dialogs))
    assert [(e["activity"], e["team"]) for e in found.events if e["handoff_kind"] == "consult_only"] == [
        ("Consulted", None)
    ]
    assert [e["handoff_kind"] for e in found.of_type("handoff")] == ["consult"]
    assert found.visits() == ["Billing", "Tech"]
    assert not [e for e in found.events if e["activity"] == "Took over"]


@pytest.mark.parametrize(
    ("after", "visits"),
    [
        ({}, ["Billing", "Tech"]),
        (None, ["Billing", "Tech"]),
        (
            {"type": "incomplete", "start": "2026-03-02T10:10:05Z", "parties": [0, 2], "disposition": "no-answer"},
            ["Billing"],
        ),
    ],
)
def test_transfers_without_a_recording(tmp_path: Path, after: dict[str, Any] | None, visits: list[str]) -> None:
    """A transfer into the unknown was made, and that is said as an assumption; one that reached nobody was none."""
    moved = {
        "type": "transfer",
        "start": at(10),
        "transferee": 0,
        "transferor": 1,
        "transfer_target": 2,
        "original": 0,
        "target_dialog": 2,
    }
    found = reading(tmp_path, container(call(0, 1), moved, *([after] if after is not None else [])))
    assert found.visits() == visits
    assert (found.note("assumed_takeover") is not None) == (visits[-1] == "Tech")


def test_recording_sets(tmp_path: Path) -> None:
    """A call in pieces is one conversation: that of the set."""
    pieces = [call(1, start=at(2), duration=5, recording_set=2), call(0, start=at(1), duration=5, recording_set=2)]
    found = reading(tmp_path, container(*pieces, {**call(0, 1), "type": "recording-set", "recordings": [0, 1]}))
    assert minutes(found) == [("Called", None, 0, 0), ("Conversation", "Billing", 0, 10)]


def test_channels_of_parties_and_nulls(tmp_path: Path) -> None:
    """Parties are a number, a list, or a list of channels with lists and nulls."""
    for parties in (1, [1], [None, [0, 1]], [[1], [0]]):
        found = reading(tmp_path, container({**call(), "parties": parties}))
        assert found.visits() == ["Billing"]


@pytest.mark.parametrize(
    ("party", "customer", "nature"),
    [
        ({"tel": "tel:+49-30-123456", "role": "customer", "type": "machine"}, "+4930123456", "machine"),
        ({"mailto": "mailto:Eve@Example.com", "role": "customer"}, "eve@example.com", None),
        ({"type": "machine", "mailto": "agent@bots.example"}, "agent@bots.example", "machine"),
        ({"name": "anonymous", "role": "customer"}, None, None),
    ],
)
def test_customers(tmp_path: Path, party: dict[str, Any], customer: str | None, nature: str | None) -> None:
    """The customer is known by number or address; a machine is said to be one; who is anonymous stays so."""
    found = reading(tmp_path, container(call(0, 1), parties=[party, ANA]))
    assert found.interactions["vcon:u-1"]["customer"] == customer
    assert found.interactions["vcon:u-1"]["customer_type"] == nature
    assert found.events[0]["actor_type"] == "customer"


def test_contact_centre_fields(tmp_path: Path) -> None:
    """Skill is text or a list and stands in for a missing department; a mapping names another field."""
    parties = [CUSTOMER, {"name": "Ana", "role": "agent"}]
    for skill in ("refunds", ["refunds", "german"]):
        dialog = call(0, 1, skill=skill, campaign="spring", interaction_type="chat")
        found = reading(tmp_path, container(dialog, parties=parties))
        assert found.visits() == ["refunds"] and set(found.column("channel")) == {"chat"}
    mapped = reading(tmp_path, container(dialog, parties=parties), columns={"team": "campaign", "intent": "campaign"})
    assert mapped.visits() == ["spring"] and set(mapped.column("intent")) == {"spring"}


def test_amended_and_redacted(tmp_path: Path) -> None:
    """Of a vCon and its amended version the later is read, of one and its redacted copy the whole one."""
    first, later = container(call(0, 1)), container(call(0, 1), call(0, 2, start=at(30)), uuid="u-2")
    for name, value in (("amended", {"uuid": "u-1"}), ("appended", [{"uuid": "u-1"}])):
        found = reading(tmp_path, first, {**later, name: value})
        assert {e["interaction_id"] for e in found.events} == {"vcon:u-2"}
    found = reading(tmp_path, {**later, "redacted": {"uuid": "u-1", "type": "PII"}}, first)
    assert {e["interaction_id"] for e in found.events} == {"vcon:u-1"}
    assert found.note("superseded") is not None


def test_bad_dialogs_are_rejected_alone(tmp_path: Path) -> None:
    """A dialog without a time or of an unknown type is rejected by its place; the rest is read."""
    bad = [{"type": "recording", "parties": [0]}, {"type": "hologram", "start": at(1)}, call(0, 1, start="soon")]
    found = reading(tmp_path, container(*bad, call(0, 9), {}))
    assert [(r["column"], r["reason"].split(" (")[0]) for r in found.rejects] == [
        ("dialog 0, start", "a dialog without a time"),
        ("dialog 1, type", "an unknown dialog type"),
        ("dialog 2, start", "a dialog without a time"),
    ]
    assert found.note("bad_reference") is not None


@pytest.mark.parametrize("start", ["2026-03-02T10:00:00", "2026-03-02", "Mon, 02 Mar 2026 10:00:00"])
def test_a_time_without_a_zone(start: str, tmp_path: Path) -> None:
    """It is an error that names the option; with a zone it is read there."""
    one = container(call(0, 1, start=start))
    with pytest.raises(InputError, match="a time without a zone") as error:
        reading(tmp_path, one)
    assert "--tz" in (error.value.problems[0].fix or "")
    first = reading(tmp_path, one, tz="Europe/Berlin").events[0]["started_us"] // SECOND
    assert first % 86_400 == (9 if "10:00" in start else 23) * 3_600


def test_roles_in_meta(tmp_path: Path) -> None:
    """Roles may stand beside the party's own parameters; its own go first."""
    customer, ana = {"tel": "+4930123456", "meta": {"role": "customer"}}, {"name": "Ana", "meta": {"role": "Agent"}}
    found = reading(tmp_path, container(call(0, 1), parties=[customer, ana | {"dept": "Desk"}]))
    assert found.visits() == ["Desk"] and found.interactions["vcon:u-1"]["customer"] == "+4930123456"
    own = ana | {"role": "supervisor"}
    assert {e["actor_type"] for e in reading(tmp_path, container(call(0, 1), parties=[customer, own])).events} == {
        "customer",
        "supervisor",
    }


WHOLE = {"customer": "My order is late", "agent": "Which number?"}
SHAPES: dict[str, Any] = {
    "lines": "customer: My order is late\nagent: Which number?",
    "list": [{"speaker": "Customer", "text": WHOLE["customer"]}, {"speaker": "agent", "text": WHOLE["agent"]}],
    "segments": {
        "transcript": {"text": "all of it"},
        "segments": [
            {"speaker": "agent", "start": 9, "text": WHOLE["agent"]},
            {"role": "customer", "start_time": 3.5, "content": WHOLE["customer"]},
        ],
    },
    "channels": {
        "results": {
            "channels": [
                {"alternatives": [{"transcript": text, "words": [{"word": "x", "speaker": 0}]}]}
                for text in WHOLE.values()
            ]
        }
    },
    "json in a text": json.dumps(
        [{"name": "Ana", "text": WHOLE["agent"]}, {"name": "customer", "text": WHOLE["customer"]}]
    ),
}


def texts(tmp_path: Path, body: Any, *dialogs: dict[str, Any], kind: str = "transcript") -> dict[str, str | None]:
    """What each type of actor said, where the texts are kept."""
    value = container(*(dialogs or (call(0, 1),)), analysis=[{"type": kind, "dialog": 0, "body": body}])
    path = write(tmp_path, [value])
    with Engine() as engine:
        sink = Sink(engine, keep_text=True)
        sink.begin(path.name)
        vcon.read(SourceFile(path.name, path), Options(), sink)
        sink.flush()
        rows = engine.rows("SELECT coalesce(team, actor_type), text FROM raw_events WHERE text IS NOT NULL")
    return dict(rows)


@pytest.mark.parametrize("shape", SHAPES)
def test_transcripts(shape: str, tmp_path: Path) -> None:
    """What was said goes to the steps of who said it, in the shapes that vendors write."""
    assert texts(tmp_path, SHAPES[shape]) == {"customer": WHOLE["customer"], "Billing": WHOLE["agent"]}


def test_transcripts_of_nobody_known(tmp_path: Path) -> None:
    """Speakers who are only numbered: what was said goes to who talked at that moment; a summary is no transcript."""
    passed = call(0, 1, 2, party_history=history((0, 0, "join"), (0, 1, "join"), (5, 1, "drop"), (5, 2, "join")))
    body = [{"speaker": 0, "start": 10, "text": "one"}, {"speaker": 1, "start": 400, "text": "two"}]
    assert texts(tmp_path, body, passed) == {"Billing": "one", "Tech": "two"}
    assert texts(tmp_path, body, kind="summary") == {}
    analysis = [{"type": "transcript", "dialog": 0, "body": body}, {"type": "summary", "dialog": 0, "body": "x"}]
    found = reading(tmp_path, container(call(0, 1), analysis=analysis))
    note = found.note("not_read")
    assert note is not None and note.count == 1 and not any(found.column("text"))


@pytest.mark.parametrize(
    ("body", "tone"),
    [
        ("positive", "positive"),
        ({"sentiment": {"label": "Negative", "score": 0.9}}, "Negative"),
        ('{"sentiment_score": -0.4}', "-0.4"),
        ({"overall": 0.2}, "0.2"),
        ({"notes": "none of them"}, None),
    ],
)
def test_tones(body: Any, tone: str | None, tmp_path: Path) -> None:
    """The sentiment that an analysis recorded stands with the dialog it is of, as it was recorded."""
    analysis = [{"type": "sentiment", "dialog": 1, "body": body}]
    found = reading(tmp_path, container(call(0, 1), call(0, 2, start=at(20)), analysis=analysis))
    said = {(e["team"], json.loads(e["attributes"] or "{}").get("sentiment")) for e in found.of_type("agent_connected")}
    assert said == {("Billing", None), ("Tech", tone)} and bool(found.note("not_read")) == (tone is None)


def test_times_of_mails(tmp_path: Path) -> None:
    """Early vCons wrote times as mails do."""
    found = reading(tmp_path, container(call(0, 1, start="Mon, 02 Mar 2026 11:00:00 +0100")))
    assert minutes(found)[0][2] == 0


def test_who_claims_what() -> None:
    """The reader claims vCons in every form, and neither a schema nor another text."""
    claimed = {path.name for path in FOLDER.iterdir() if vcon.sniff(SourceFile(path.name, path))}
    assert claimed == {path.name for path in FOLDER.iterdir()} - {"simple-vcon.vcon", "README.md"}
