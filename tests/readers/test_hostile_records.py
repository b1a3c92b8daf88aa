"""Arbitrary and damaged JSON: every record reader gives a reading or an InputError, nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.errors import InputError
from miner.events.engine import Engine
from miner.events.schema import ACTOR_TYPES, CHANNELS, EVENT_TYPES, HANDOFF_KINDS
from miner.events.sink import Sink
from miner.readers.base import Options, SourceFile
from miner.readers.calls import (
    aircall,
    asterisk_cdr,
    asterisk_queue,
    bank_calls,
    connect,
    cxone,
    genesys,
    talkdesk,
    twilio,
    uccx,
)
from miner.readers.chats import (
    dialogflow,
    front,
    intercom,
    intercom_tables,
    livechat,
    liveperson,
    rasa,
    salesforce_chat,
    slack,
    zendesk_chat,
)
from miner.readers.standards import cloudevents, ocel, vcon
from miner.readers.tickets import (
    freshdesk,
    hubspot,
    jira,
    otrs,
    salesforce,
    servicenow_audit,
    servicenow_metric,
    servicenow_task,
    zammad,
    zendesk,
)
from tests.readers.reading import FIXTURES, write

READERS: list[ModuleType] = [
    cloudevents,
    ocel,
    freshdesk,
    otrs,
    zammad,
    hubspot,
    salesforce,
    servicenow_task,
    jira,
    zendesk,
    connect,
    intercom,
    intercom_tables,
    zendesk_chat,
    liveperson,
    salesforce_chat,
    front,
    livechat,
    slack,
    dialogflow,
    rasa,
    servicenow_audit,
    servicenow_metric,
    vcon,
    aircall,
    asterisk_cdr,
    asterisk_queue,
    bank_calls,
    cxone,
    genesys,
    talkdesk,
    twilio,
    uccx,
]


def rows_of(name: str, delimiter: str = ",", **zoned: str) -> list[Any]:
    """The rows of a table among the fixtures, with a zone behind the times of some columns."""
    with (FIXTURES / name).open() as lines:
        rows = list(csv.DictReader(lines, delimiter=delimiter))
    return [{key: value + zoned.get(key, "") for key, value in row.items()} for row in rows]


SEEDS: dict[str, list[Any]] = {
    "cloudevents": json.loads((FIXTURES / "cloudevents" / "intercom.json").read_text()),
    "ocel": [json.loads((FIXTURES / "ocel" / "tickets.json").read_text())],
    "genesys": json.loads((FIXTURES / "genesys" / "conversations.json").read_text())["conversations"],
    "aircall": json.loads((FIXTURES / "aircall" / "calls.json").read_text())["calls"],
    "talkdesk": json.loads((FIXTURES / "talkdesk" / "calls.json").read_text())["entries"],
    "twilio": json.loads((FIXTURES / "twilio" / "events.json").read_text())["events"],
    "asterisk_queue_log": rows_of("asterisk_queue_log/table.csv", time="Z"),
    "asterisk_cdr": rows_of("asterisk_cdr/cdr_table.csv", calldate="Z"),
    "bank_calls": rows_of("bank_calls/calls.txt", "\t"),
    "cxone": rows_of("cxone/completed_contacts.csv", Start_Time="Z"),
    "uccx": rows_of("uccx/ContactCallDetail.csv"),
    "vcon": [json.loads((FIXTURES / "vcon" / "meyer.vcon.json").read_text())],
    "zendesk": json.loads((FIXTURES / "zendesk" / "audits.json").read_text())["audits"],
    "connect": [json.loads(line) for line in (FIXTURES / "connect" / "contacts.jsonl").read_text().splitlines()],
    "intercom": [json.loads((FIXTURES / "intercom" / "conversation.json").read_text())],
    "intercom_tables": list(csv.DictReader((FIXTURES / "intercom_tables" / "conversation_part_history.csv").open())),
    "zendesk_chat": json.loads((FIXTURES / "zendesk_chat" / "chats.json").read_text())["chats"],
    "liveperson": json.loads((FIXTURES / "liveperson" / "conversations.json").read_text())["conversationHistoryRecords"]
    + json.loads((FIXTURES / "liveperson" / "engagements.json").read_text())["interactionHistoryRecords"],
    "salesforce_chat": list(csv.DictReader((FIXTURES / "salesforce_chat" / "LiveChatTranscriptEvent.csv").open())),
    "front": json.loads((FIXTURES / "front" / "events_1.json").read_text())["_results"],
    "livechat": json.loads((FIXTURES / "livechat" / "archives.json").read_text())["chats"],
    "slack": json.loads((FIXTURES / "slack" / "support" / "2026-03-02.json").read_text()),
    "dialogflow": json.loads((FIXTURES / "dialogflow" / "conversations.json").read_text())["conversations"],
    "rasa": [json.loads((FIXTURES / "rasa" / "tracker.json").read_text())],
    "servicenow_audit": list(csv.DictReader((FIXTURES / "servicenow_audit" / "audit.csv").open())),
    "servicenow_metric": list(csv.DictReader((FIXTURES / "servicenow_metric" / "metric.csv").open())),
    "jira": json.loads((FIXTURES / "jira" / "issues.json").read_text())["issues"],
    "servicenow_task": list(csv.DictReader((FIXTURES / "servicenow_task" / "incident.csv").open())),
    "salesforce": list(csv.DictReader((FIXTURES / "salesforce" / "CaseHistory.csv").open())),
    "hubspot": json.loads((FIXTURES / "hubspot" / "tickets_v3.json").read_text())["results"],
    "zammad": [json.loads((FIXTURES / "zammad" / "history_42.json").read_text())],
    "otrs": list(csv.DictReader((FIXTURES / "otrs" / "ticket_history.csv").open())),
    "freshdesk": json.loads((FIXTURES / "freshdesk" / "activities_02.json").read_text())["activities_data"],
}
ODD = [
    "",
    "-1",
    "?",
    "2026-03-02T10:00:00Z",
    "1772440800",
    1e300,
    10**400,
    "\ud800",
    "\x00",
    -1,
    {"id": 1},
    "undefined",
]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def damaged(draw: st.DrawFn, value: Any, percent: int) -> Any:
    """The value with some parts replaced by junk and some left out."""
    if draw(st.integers(0, 99)) < percent:
        return draw(JUNK)
    if isinstance(value, dict):
        return {k: damaged(draw, v, percent) for k, v in value.items() if draw(st.integers(0, 199)) >= percent}
    if isinstance(value, list):
        return [damaged(draw, element, percent) for element in value]
    return value


@st.composite
def exports(draw: st.DrawFn) -> tuple[ModuleType, str]:
    """A reader and a text that looks more or less like its export."""
    reader = draw(st.sampled_from(READERS))
    percent = draw(st.sampled_from([1, 4, 15]))
    records = [damaged(draw, record, percent) for record in SEEDS[reader.NAME]]
    pages = (
        "audits",
        "conversations",
        "records",
        "issues",
        "results",
        "activities_data",
        "chats",
        "_results",
        "conversationHistoryRecords",
        "interactionHistoryRecords",
        "trackers",
    )
    page = dict.fromkeys(pages, records)
    side = {"users": draw(JUNK), "groups": [draw(JUNK)], "tickets": [{"id": 4711, "metric_set": draw(JUNK)}]}
    text = draw(
        st.sampled_from(
            [
                "\n".join(json.dumps(record) for record in records),
                json.dumps(records),
                json.dumps(records, indent=1),
                json.dumps(page | side),
                json.dumps(draw(JUNK)),
            ]
        )
    )
    return reader, text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 9)) == 0 else text


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    """One sink for all readings of a test."""
    with Engine() as engine:
        yield Sink(engine)


@settings(max_examples=150)
@given(exports())
def test_nothing_but_a_reading_or_an_input_error(
    sink: Sink, tmp_path_factory: pytest.TempPathFactory, export: tuple[ModuleType, str]
) -> None:
    """Whatever the JSON is, the reader either reads it or says what is wrong with it."""
    reader, text = export
    file = SourceFile("x.json", write(tmp_path_factory.mktemp("hostile"), text))
    for each in READERS:
        each.sniff(file)
    sink.begin(file.name)
    try:
        report = reader.read(file, Options(), sink)
        assert report.rows > 0
    except InputError as error:
        assert all(problem.what and problem.file for problem in error.problems)
    sink.flush()


def test_what_was_read_keeps_to_the_vocabulary(sink: Sink, tmp_path: Path) -> None:
    """Event types, channels, actors and kinds of handoff are canonical words or null, also from odd records."""
    for reader in READERS:
        text = json.dumps(SEEDS[reader.NAME])
        odd = json.loads(text.replace('"web"', '"smoke"').replace("VOICE", "SMOKE").replace("comment", "x"))
        path = write(tmp_path, odd, f"{reader.NAME}.json")
        sink.begin(path.name)
        reader.read(SourceFile(path.name, path), Options(), sink)
    sink.flush()
    for column, words in (
        ("event_type", EVENT_TYPES),
        ("channel", CHANNELS),
        ("actor_type", ACTOR_TYPES),
        ("handoff_kind", HANDOFF_KINDS),
    ):
        found = {value for (value,) in sink.engine.rows(f"SELECT DISTINCT {column} FROM raw_events")}
        assert found - {None} <= words
