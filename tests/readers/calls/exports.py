"""A call of `histories` as each system exports it: files, all calls of the table in one export."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.readers.calls.histories import HELPS, HISTORIES, HOME, NUMBERS, OUTSIDE, SIMPLE, WRAPS, Call, Leg

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
Files = dict[str, Any]  # name → content, as `write` takes it
Calls = Mapping[str, Call]


def moment(number: int, at: int) -> datetime:
    """A second of the call with this number; calls are an hour apart."""
    return START + timedelta(hours=number, seconds=at)


def iso(number: int, at: int) -> str:
    """A second of a call, with milliseconds and zone."""
    return moment(number, at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamp(number: int, at: int) -> str:
    """A second of a call, without a zone."""
    return moment(number, at).strftime("%Y-%m-%d %H:%M:%S")


def epoch(number: int, at: int) -> int:
    """A second of a call, since 1970."""
    return int(moment(number, at).timestamp())


def phone(number: int) -> str:
    """Each call is another customer's."""
    return f"49301234{number:02}"


def csv(head: str, rows: list[list[Any]]) -> str:
    """A table."""
    return "\n".join([head, *(",".join("" if v is None else str(v) for v in row) for row in rows)]) + "\n"


def connect(calls: Calls) -> Files:
    """Contact records, one a leg; a leg outside has no agent."""
    return {"contacts.jsonl": [record for n, call in enumerate(calls.values()) for record in _contacts(n, call)]}


def _contacts(n: int, call: Call) -> list[dict[str, Any]]:
    common = {"Channel": "VOICE", "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": f"+{phone(n)}"}}
    if not call.legs:
        return [
            {
                **common,
                "ContactId": f"{n}-0",
                "InitiationMethod": "INBOUND",
                "InitiationTimestamp": iso(n, 0),
                "Queue": {"Name": "Desk", "EnqueueTimestamp": iso(n, 0)},
                "DisconnectTimestamp": iso(n, call.end),
            }
        ]
    found = []
    for i, leg in enumerate(call.legs):
        after = call.next_of(leg)
        done = (after.takes or after.queued) if after else call.outside[0] if call.outside else None
        talked = 0 if leg.how == "consult" else leg.until - leg.since
        before = 0 if leg.how in ("consult", "conference") else i - 1  # who asks is always the first
        found.append(
            {
                **common,
                "ContactId": f"{n}-{i}",
                "InitiationMethod": "TRANSFER" if i else "INBOUND",
                **({"PreviousContactId": f"{n}-{before}", "InitialContactId": f"{n}-0"} if i else {}),
                "InitiationTimestamp": iso(n, leg.queued),
                "DisconnectTimestamp": iso(n, leg.until),
                "TransferCompletedTimestamp": None if done is None else iso(n, done),
                "Queue": {
                    "Name": leg.team,
                    "EnqueueTimestamp": iso(n, leg.queued),
                    "DequeueTimestamp": iso(n, leg.since),
                },
                "Agent": {
                    "Username": leg.who,
                    "ConnectedToAgentTimestamp": iso(n, leg.since),
                    "AgentInteractionDuration": talked,
                    "CustomerHoldDuration": 0,
                    "AfterContactWorkStartTimestamp": iso(n, (leg.wrap or (leg.until, 0))[0]),
                    "AfterContactWorkEndTimestamp": iso(n, (leg.wrap or (0, leg.until))[1]),
                },
            }
        )
    if call.outside:
        found.append(
            {
                **common,
                "ContactId": f"{n}-out",
                "InitiationMethod": "EXTERNAL_OUTBOUND",
                "PreviousContactId": f"{n}-0",
                "InitialContactId": f"{n}-0",
                "InitiationTimestamp": iso(n, call.outside[0]),
                "DisconnectTimestamp": iso(n, call.outside[1]),
                "ExternalThirdParty": {"ExternalThirdPartyInteractionDuration": 200},
            }
        )
    return found


def genesys(calls: Calls) -> Files:
    """Conversations with participants, sessions, segments."""
    return {"conversations.json": {"conversations": [_conversation(n, call) for n, call in enumerate(calls.values())]}}


def _conversation(n: int, call: Call) -> dict[str, Any]:
    people = [_participant("customer", [_segment(n, "interact", 0, call.end, how="peer")], ani=f"tel:+{phone(n)}")]
    for leg in call.legs or (Leg("ana", 0, call.end, call.end),):
        people.append(
            _participant(
                "acd", [_segment(n, "interact", leg.queued, leg.since, leg.team, "transfer" if call.legs else "peer")]
            )
        )
    if call.missed:
        who, begin, end = call.missed
        people.append(_participant("agent", [_segment(n, "alert", begin, end, HOME[who], "noAnswerTransfer")], who))
    for leg in call.legs:
        after = call.next_of(leg)
        how = (
            {"blind": "transfer", "warm": "consultTransfer"}[after.how]
            if after
            else ("transfer" if call.outside else "peer")
        )
        segments = [_segment(n, "interact", leg.since, leg.until, leg.team, how)]
        segments[0]["conference"] = leg.how == "conference"
        if leg.wrap:
            segments.append(_segment(n, "wrapup", *leg.wrap, leg.team))
        people.append(_participant("agent", segments, leg.who))
    if call.outside:
        people.append(_participant("external", [_segment(n, "interact", *call.outside)]))
    return {
        "conversationId": f"c{n}",
        "conversationStart": iso(n, 0),
        "conversationEnd": iso(n, call.end),
        "originatingDirection": "inbound",
        "participants": people,
    }


def _participant(purpose: str, segments: list[dict[str, Any]], who: str | None = None, **more: Any) -> dict[str, Any]:
    session = {"mediaType": "voice", "direction": "inbound", "segments": segments, **more}
    named = {"userId": f"u-{who}", "participantName": who} if who else {}
    return {"purpose": purpose, "sessions": [session], **named}


def _segment(
    n: int, kind: str, begin: int, end: int, queue: str | None = None, how: str | None = None
) -> dict[str, Any]:
    return {
        "segmentType": kind,
        "segmentStart": iso(n, begin),
        "segmentEnd": iso(n, end),
        **({"queueId": queue} if queue else {}),
        **({"disconnectType": how} if how else {}),
    }


def twilio(calls: Calls) -> Files:
    """Events of TaskRouter; who joins a conference and who is asked are told alike, a number outside not at all."""
    found: list[tuple[int, int, dict[str, Any]]] = []
    for n, call in enumerate(calls.values()):
        task = {
            "task_sid": f"WT{n}",
            "task_channel_unique_name": "voice",
            "task_attributes": json.dumps({"from": f"+{phone(n)}"}),
        }

        def add(at: int, kind: str, more: dict[str, Any], n: int = n, task: dict[str, Any] = task) -> None:
            found.append(
                (
                    n,
                    at,
                    {
                        "event_type": kind,
                        "event_date": iso(n, at),
                        "sid": f"EV{len(found)}",
                        "workspace_sid": "WS1",
                        "resource_sid": task["task_sid"],
                        "event_data": task | more,
                    },
                )
            )

        add(0, "task.created", {})
        for i, leg in enumerate(call.legs or (Leg("ana", 0, 0, 0),)):
            here = {"task_queue_name": leg.team, "reservation_sid": f"WR{n}-{i}", "worker_name": leg.who}
            if i:
                first = {
                    "transfer_initiating_reservation_sid": f"WR{n}-{i - 1}",
                    "transfer_to": leg.team,
                    "transfer_mode": "COLD" if leg.how == "blind" else "WARM",
                }
                add(leg.queued, "task.transfer-initiated", first)
            add(leg.queued, "task-queue.entered", {"task_queue_name": leg.team})
            if not call.legs:
                break
            if call.missed and not i:
                who, begin, end = call.missed
                gone = {"task_queue_name": leg.team, "reservation_sid": f"WR{n}-x", "worker_name": who}
                add(begin, "reservation.created", gone)
                add(end, "reservation.timeout", gone)
            add(leg.since, "reservation.accepted", here)
            if leg.wrap:
                add(leg.until, "reservation.wrapup", here)
            add(leg.wrap[1] if leg.wrap else leg.until, "reservation.completed", here)
        add(call.end, "task.completed" if call.legs else "task.canceled", {})
    return {"events.json": {"events": [event for _, _, event in sorted(found, key=lambda one: one[:2])]}}


def cxone(calls: Calls) -> Files:
    """Completed contacts: one row a leg with the lengths of its parts."""
    rows = []
    for n, call in enumerate(calls.values()):
        for i, leg in enumerate(call.legs or (Leg("ana", 0, call.end, call.end),)):
            day, clock = moment(n, leg.queued).strftime("%m/%d/%Y %H:%M:%S").split()
            worked = leg.wrap[1] - leg.until if leg.wrap else 0
            rows.append(
                [
                    f"{n}{i}",
                    f"{n}{max(i - 1, 0)}",
                    "Phone Call",
                    f"+{phone(n)}",
                    leg.team,
                    leg.who if call.legs else "",
                    day,
                    clock,
                    0,
                    leg.since - leg.queued,
                    leg.until - leg.since,
                    0,
                    worked,
                    0 if call.legs else call.end,
                    "N" if call.legs else "Y",
                    0,
                ]
            )
    head = (
        "Contact_ID,Master_Contact_ID,Media_Name,ANI_Dialnum,Skill_Name,Agent_Name,Start_Date,Start_Time,PreQueue,"
        "InQueue,Agent_Time,PostQueue,ACW_Seconds,Abandon_Time,Abandon,Hold_Time"
    )
    return {"contacts.csv": csv(head, rows)}


def uccx(calls: Calls) -> Files:
    """Tables of call legs, queues and agents; who only asks makes a call of its own, which is not written here."""
    legs, queues, agents = [], [], []
    for n, call in enumerate(calls.values()):
        key = 16000000 + n
        parts = call.legs or (Leg("ana", 0, call.end, call.end),)
        for i, leg in enumerate(parts):
            until = call.end if i == len(parts) - 1 else leg.until
            legs.append(
                [
                    key,
                    i,
                    5 if i else 1,
                    2 if call.legs else 1,
                    1 if i else 3,
                    phone(n),
                    stamp(n, leg.queued),
                    stamp(n, until),
                    int(bool(call.next_of(leg))),
                    int(leg.how == "conference"),
                ]
            )
            queues.append([key, i, 0, leg.team, 1, 2 if call.legs else 1, leg.since - leg.queued])
            if i == 0 and call.missed:
                who, begin, end = call.missed
                agents.append([key, i, who, stamp(n, begin), stamp(n, end), 1, end - begin, 0, 0, 0])
            if call.legs:
                worked = leg.wrap[1] - leg.until if leg.wrap else 0
                agents.append(
                    [
                        key,
                        i,
                        leg.who,
                        stamp(n, leg.since),
                        stamp(n, leg.until + worked),
                        1,
                        0,
                        leg.until - leg.since,
                        0,
                        worked,
                    ]
                )
    return {
        "ContactCallDetail.csv": csv(
            "sessionID,sessionSeqNum,contactType,contactDisposition,originatorType,"
            "originatorDN,startDateTime,endDateTime,transfer,conference",
            legs,
        ),
        "ContactQueueDetail.csv": csv(
            "sessionID,sessionSeqNum,targetType,targetID,qIndex,disposition,queueTime", queues
        ),
        "AgentConnectionDetail.csv": csv(
            "sessionID,sessionSeqNum,resourceID,startDateTime,endDateTime,qIndex,ringTime,talkTime,holdTime,workTime",
            agents,
        ),
    }


def asterisk_cdr(calls: Calls) -> Files:
    """Call detail records; the team is a column of the table, as there is none in Asterisk's own."""
    rows: list[list[Any]] = []
    for n, call in enumerate(calls.values()):

        def add(
            src: Any,
            dst: Any,
            here: str,
            there: str,
            begin: int,
            answer: int | None,
            end: int,
            team: str | None,
            app: str = "Queue",
            n: int = n,
        ) -> None:
            rows.append(
                [
                    stamp(n, begin),
                    stamp(n, answer) if answer else "",
                    stamp(n, end),
                    src,
                    dst,
                    here,
                    there,
                    app,
                    "q" if app == "Queue" else "x",
                    end - begin,
                    end - (answer or end),
                    "ANSWERED" if answer else "NO ANSWER",
                    f"{n}.1",
                    team,
                ]
            )

        trunk = f"SIP/voip-{n:02x}a"
        if not call.legs:
            add(phone(n), 400, trunk, "", 0, None, call.end, None)
        if call.missed:
            who, begin, end = call.missed
            add(phone(n), 400, trunk, f"SIP/{NUMBERS[who]}-01", begin, None, end, HOME[who])
        for leg in call.legs:
            there = f"SIP/{NUMBERS[leg.who]}-0{n + 1}"
            if leg.how in ("warm", "consult", "conference"):
                add(
                    2001,
                    NUMBERS[leg.who],
                    "SIP/2001-09",
                    there,
                    leg.queued,
                    leg.since,
                    leg.takes or leg.until,
                    "Desk",
                    "Dial",
                )
            if leg.how in ("first", "blind", "warm"):
                since = leg.takes or leg.since
                add(phone(n), 400, trunk, there, leg.takes or leg.queued, since, leg.until, leg.team)
        if call.outside:
            add(phone(n), OUTSIDE, trunk, f"SIP/voip-{n:02x}b", *call.outside[:1], *call.outside, None, "Dial")
    head = "start,answer,end,src,dst,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,linkedid,team"
    return {"cdr.csv": csv(head, rows)}


def asterisk_queue(calls: Calls) -> Files:
    """The queue's log; whoever asks a colleague without giving the call away is not in it, nor is any wrap-up."""
    lines: list[tuple[int, str]] = []
    for n, call in enumerate(calls.values()):

        def add(at: int, queue: str, who: str, event: str, *data: Any, key: str = "1", n: int = n) -> None:
            text = "|".join(map(str, (epoch(n, at), f"{n}.{key}", queue, who, event, *data)))
            lines.append((epoch(n, at), text))

        for leg in call.legs or (Leg("ana", 0, call.end, call.end),):
            if leg.how in ("consult", "conference"):
                continue
            waited, talked = leg.since - leg.queued, leg.until - leg.since
            if leg.how == "warm":  # ana waits under an id of her own, until the customer takes her place
                add(leg.queued, leg.team, "NONE", "ENTERQUEUE", "", 2001, 1, key="2")
                add(leg.takes or 0, "Desk", "ana", "ATTENDEDTRANSFER", "APP", "Queue", 60, 340, 1, key="2")
                waited, talked = (leg.takes or 0) - leg.queued, leg.until - (leg.takes or 0)
            else:
                add(leg.queued, leg.team, "NONE", "ENTERQUEUE", "", phone(n), 1)
            if not call.legs:
                add(call.end, leg.team, "NONE", "ABANDON", 1, 1, call.end)
                break
            if call.missed and leg.how == "first":
                who, begin, end = call.missed
                add(end, leg.team, who, "RINGNOANSWER", (end - begin) * 1000)
            add(leg.takes or leg.since, leg.team, leg.who, "CONNECT", waited, f"{n}.9", 3)
            after = call.next_of(leg)
            if call.outside:
                add(leg.until, leg.team, leg.who, "BLINDTRANSFER", OUTSIDE, "out", waited, talked, 1)
            elif after is None:
                add(leg.until, leg.team, leg.who, "COMPLETECALLER", waited, talked, 1)
            elif after.how == "blind":
                add(leg.until, leg.team, leg.who, "BLINDTRANSFER", 700, "queues", waited, talked, 1)
    return {"queue_log": "\n".join(text for _, text in sorted(lines, key=lambda line: line[0])) + "\n"}


def aircall(calls: Calls) -> Files:
    """Calls of the API."""
    found = []
    for n, call in enumerate(calls.values()):
        leg = call.legs[0] if call.legs else None
        found.append(
            {
                "id": n + 1,
                "direction": "inbound",
                "status": "done",
                "raw_digits": f"+{phone(n)}",
                "missed_call_reason": None if leg else "abandoned_in_classic",
                "started_at": epoch(n, 0),
                "answered_at": epoch(n, leg.since) if leg else None,
                "ended_at": epoch(n, call.end),
                "user": {"id": 1, "name": leg.who} if leg else None,
                "teams": [{"id": 3, "name": "Desk"}] if leg else [],
                "transferred_by": None,
                "transferred_to": None,
            }
        )
    return {"calls.json": {"calls": found}}


def talkdesk(calls: Calls) -> Files:
    """The calls report."""
    rows = []
    for n, call in enumerate(calls.values()):
        leg = call.legs[0] if call.legs else None
        talked = leg.until - leg.since if leg else 0
        rows.append(
            [
                f"t{n}",
                "inbound" if leg else "abandoned",
                iso(n, 0),
                iso(n, call.end),
                f"+{phone(n)}",
                leg.who if leg else "",
                "Desk",
                call.end,
                talked,
                leg.since if leg else call.end,
                0,
                "false",
            ]
        )
    head = (
        "call_id,type,start_at,end_at,contact_phone_number,user_name,ring_groups,total_time,talk_time,wait_time,"
        "hold_time,is_transfer"
    )
    return {"calls.csv": csv(head, rows)}


def bank_calls(calls: Calls) -> Files:
    """The bank's log: one row a call; the service is mapped as the team."""
    rows = []
    for n, call in enumerate(calls.values()):
        leg = call.legs[0] if call.legs else None
        clocks = [moment(n, at).strftime("%H:%M:%S") for at in (0, 0, 0, leg.since if leg else call.end)]
        served = [moment(n, at).strftime("%H:%M:%S") for at in (leg.since, leg.until)] if leg else ["0:00:00"] * 2
        rows.append(
            [
                "AA01",
                n,
                phone(n),
                0,
                "Desk",
                moment(n, 0).strftime("%y%m%d"),
                *clocks[:2],
                0,
                *clocks[2:],
                leg.since if leg else call.end,
                "AGENT" if leg else "HANG",
                *served,
                leg.until - leg.since if leg else 0,
                leg.who if leg else "NO_SERVER",
            ]
        )
    head = (
        "vru+line,call_id,customer_id,priority,type,date,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,outcome,"
        "ser_start,ser_exit,ser_time,server"
    )
    return {"calls.csv": csv(head, rows)}


def vcon(calls: Calls) -> Files:
    """vCons: a recording for each agent with the customer, transfers between; they know no work after a call."""
    return {"calls.json": [_container(n, call) for n, call in enumerate(calls.values())]}


def _container(n: int, call: Call) -> dict[str, Any]:
    names = list(dict.fromkeys(leg.who for leg in call.legs))
    parties = [
        {"tel": f"+{phone(n)}", "role": "customer"},
        *({"name": who, "role": "agent", "dept": HOME[who]} for who in names),
        {"role": "thirdparty"},
    ]
    dialogs: list[dict[str, Any]] = []
    if not call.legs:
        dialogs.append(
            {
                "type": "incomplete",
                "start": iso(n, 0),
                "duration": call.end,
                "parties": [0],
                "originator": 0,
                "disposition": "hung-up",
            }
        )
    for leg in call.legs:
        number, begin = names.index(leg.who) + 1, leg.takes or leg.queued
        joins = [
            {"party": 0, "event": "join", "time": iso(n, begin)},
            {"party": number, "event": "join", "time": iso(n, leg.takes or leg.since)},
        ]
        if leg.how == "warm":
            dialogs.append(
                {
                    "type": "recording",
                    "start": iso(n, leg.since),
                    "duration": (leg.takes or 0) - leg.since,
                    "parties": [names.index("ana") + 1, number],
                }
            )
        dialogs.append(
            {
                "type": "recording",
                "start": iso(n, begin),
                "duration": leg.until - begin,
                "parties": [0, number],
                "party_history": joins,
            }
        )
        after, here = call.next_of(leg), len(dialogs) - 1
        if after:
            warm = after.how == "warm"
            dialogs.append(
                {
                    "type": "transfer",
                    "start": iso(n, after.takes or after.queued),
                    "transferor": number,
                    "transferee": 0,
                    "transfer_target": names.index(after.who) + 1,
                    "original": here,
                    "target_dialog": here + 2 + warm,
                    **({"consultation": here + 2} if warm else {}),
                }
            )
        elif call.outside:
            dialogs.append(
                {
                    "type": "transfer",
                    "start": iso(n, leg.until),
                    "transferor": number,
                    "transferee": 0,
                    "transfer_target": len(parties) - 1,
                    "original": here,
                }
            )
    return {"uuid": f"u{n}", "parties": parties, "dialog": dialogs}


ALL = frozenset(HISTORIES)
EXPORTS: dict[str, tuple[Callable[[Calls], Files], frozenset[str], dict[str, str]]] = {
    "connect": (connect, ALL, {}),
    "genesys": (genesys, ALL, {}),
    "twilio": (twilio, ALL - {"to a number outside"}, {}),
    "cxone": (cxone, ALL - {"to a number outside"}, {}),
    "uccx": (uccx, ALL - HELPS | {"conference"}, {}),
    "asterisk_cdr": (asterisk_cdr, ALL, {"team": "team"}),
    "asterisk_queue_log": (asterisk_queue, ALL, {}),
    "vcon": (vcon, ALL - HELPS - WRAPS, {}),
    "aircall": (aircall, SIMPLE, {}),
    "talkdesk": (talkdesk, SIMPLE, {}),
    "bank_calls": (bank_calls, SIMPLE, {"team": "type"}),
}  # the export, the histories that it can tell, and the columns to map
