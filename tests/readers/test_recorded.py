"""Scores, tones, regions and languages in fields of systems, named by --map."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from miner.readers.calls import asterisk_cdr, bank_calls, connect, cxone, genesys, talkdesk, twilio, uccx
from miner.readers.chats import intercom
from miner.readers.standards import vcon
from miner.readers.tickets import freshdesk, jira, salesforce, servicenow_task, zendesk
from tests.readers.reading import read, write

AT = "2026-03-02T10:00:00Z"
SAID = {"land": "DE", "mood": "0.5"}
SEGMENTS = [{"segmentType": "interact", "segmentStart": AT, "segmentEnd": AT}]
CALLER = {"purpose": "customer", "attributes": SAID, "sessions": [{"mediaType": "voice", "segments": SEGMENTS}]}


def table(head: str, row: str) -> str:
    """A table of one row, with the two columns at its end."""
    return f"{head},{','.join(SAID)}\n{row},{','.join(SAID.values())}\n"


EXPORTS: dict[str, tuple[ModuleType, Any]] = {
    "connect": (
        connect,
        [
            {
                "ContactId": "a",
                "InitiationMethod": "INBOUND",
                "Channel": "VOICE",
                "Attributes": SAID,
                "InitiationTimestamp": AT,
            }
        ],
    ),
    "genesys": (genesys, [{"conversationId": "x", "conversationStart": AT, "participants": [CALLER]}]),
    "twilio": (
        twilio,
        [
            {
                "EventType": "task.created",
                "WorkspaceSid": "W",
                "TaskSid": "T",
                "Timestamp": AT,
                "TaskAttributes": json.dumps(SAID),
            }
        ],
    ),
    "uccx": (uccx, table("sessionID,sessionSeqNum,contactType,contactDisposition,startDateTime", f"1,0,1,2,{AT}")),
    "cxone": (cxone, table("Contact_ID,Master_Contact_ID,Start_Date,Start_Time,InQueue", "1,1,03/14/2026,10:00:00,5")),
    "talkdesk": (talkdesk, table("call_id,type,start_at,talk_time,wait_time,ring_groups", f"1,inbound,{AT},9,1,A")),
    "asterisk_cdr": (
        asterisk_cdr,
        table(
            "start,src,dst,channel,dstchannel,lastapp,duration,disposition,linkedid",
            f"{AT},49301234567,1,SIP/t-1,SIP/101-2,Dial,9,ANSWERED,1",
        ),
    ),
    "bank_calls": (
        bank_calls,
        table(
            "call_id,date,vru_entry,vru_exit,q_start,ser_start,server,outcome",
            "1,990131,10:00:00,10:00:05,0:00:00,0:00:00,NO_SERVER,HANG",
        ),
    ),
    "vcon": (
        vcon,
        {
            "uuid": "u",
            "parties": [{"name": "A", "role": "agent"}],
            **SAID,
            "dialog": [{"type": "recording", "start": AT, "duration": 9, "parties": [0]}],
        },
    ),
    "intercom": (
        intercom,
        [
            {
                "type": "conversation",
                "id": "7",
                "created_at": 1_772_442_000,
                "custom_attributes": SAID,
                "conversation_parts": {"conversation_parts": []},
            }
        ],
    ),
    "zendesk": (
        zendesk,
        {
            "audits": [
                {
                    "id": 1,
                    "ticket_id": 1,
                    "created_at": AT,
                    "author_id": 5,
                    "via": {},
                    "events": [
                        {"type": "Create", "field_name": name, "value": value}
                        for name, value in {"status": "new", **SAID}.items()
                    ],
                }
            ]
        },
    ),
    "jira": (
        jira,
        {
            "issues": [
                {
                    "id": "1",
                    "key": "S-1",
                    "changelog": {"histories": []},
                    "fields": {"created": AT, "status": {"name": "Open"}, **SAID},
                }
            ]
        },
    ),
    "freshdesk": (
        freshdesk,
        [
            {
                "id": 1,
                "requester_id": 5,
                "responder_id": None,
                "group_id": None,
                "status": 2,
                "created_at": AT,
                "custom_fields": SAID,
            }
        ],
    ),
    "salesforce": (
        salesforce,
        table("Id,CaseNumber,Status,OwnerId,Origin,CreatedDate", f"500000000000001,1,New,,Phone,{AT}"),
    ),
    "servicenow": (servicenow_task, table("sys_id,number,state,opened_at,sys_updated_on", f"d,INC1,1,{AT},{AT}")),
}


@pytest.mark.parametrize("system", EXPORTS)
def test_fields_of_systems_are_kept_as_recorded(system: str, tmp_path: Path) -> None:
    """Mapped fields stand among the attributes of the last event; without a mapping they stand nowhere."""
    reader, content = EXPORTS[system]
    name = "export.csv" if isinstance(content, str) else "export.json"
    path = write(tmp_path, content, name)
    found = read(reader, path, columns={"region": "land", "sentiment": "mood"}, tz="UTC")
    last = json.loads(found.events[-1]["attributes"])
    assert (last["region"], last["sentiment"]) == ("DE", "0.5") and found.reports[0].columns["region"] == "land"
    plain = read(reader, path, tz="UTC")
    assert not any("region" in json.loads(event["attributes"] or "{}") for event in plain.events)
