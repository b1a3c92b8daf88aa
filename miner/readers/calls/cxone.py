"""NICE CXone contact reports (data download, completed contacts): one row a contact, a leg of its own.

A transferred or consulted contact names the one it grew out of in Master_Contact_ID: its root, or its parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import email_key, phone_key
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.steps import (
    ROUTING,
    Actor,
    Step,
    attributes,
    common_of,
    helper,
    mapped_columns,
    no_owner,
    numbered,
    seconds_of,
    step,
)
from miner.readers.calls.tables import Row, Table, moment, need, plain, shown, yes
from miner.readers.shared.fields import Malformed
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import Staged, Staging, hand_over, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES

NAME = "cxone"
TITLE = "NICE CXone completed contacts"
TOTALS = {"PreQueue": "ivr_s", "InQueue": "queue_s", "Hold_Time": "hold_s", "ACW_Seconds": "wrap_s"}
NOT_COMPARED = {
    "PostQueue": "the export says nothing about it",
    "Agent_Time": "it includes hold",
    "Total_Time": "it is the sum of the others",
}
LINKED = True
OUTCOMES = ("abandoned",)

_LENGTHS = ("prequeue", "inqueue", "agent_time", "postqueue", "hold_time", "acw_seconds", "abandon_time", "total_time")
_DECLARED = {
    "prequeue": "PreQueue",
    "inqueue": "InQueue",
    "agent_time": "Agent_Time",
    "postqueue": "PostQueue",
    "hold_time": "Hold_Time",
    "acw_seconds": "ACW_Seconds",
    "total_time": "Total_Time",
}
_FIELDS = (
    "contact_id",
    "master_contact_id",
    "media_name",
    "ani_dialnum",
    "skill_name",
    "agent_no",
    "agent_name",
    "team_name",
    "start_date",
    "start_time",
    "abandon",
    "disp_name",
    *_LENGTHS,
)
_NAMES = {
    "acw_time": "acw_seconds",
    "ani": "ani_dialnum",
    "ani_from": "ani_dialnum",
    "skill": "skill_name",
    "agent": "agent_name",
    "team": "team_name",
    "media_type": "media_name",
    "disposition": "disp_name",
    "disposition_name": "disp_name",
    "pre_queue": "prequeue",
    "in_queue": "inqueue",
    "post_queue": "postqueue",
}
_CHANNELS = (
    ("call", "voice"),
    ("phone", "voice"),
    ("voice", "voice"),
    ("chat", "chat"),
    ("mail", "email"),
    ("sms", "sms"),
    ("text", "sms"),
    ("work", "task"),
    ("social", "social"),
    ("digital", "messaging"),
)
_LATER = 1 << 20
_MAPPED = ("team", "customer", "intent", "outcome", "value", *ATTRIBUTES)


@dataclass(frozen=True)
class _Talk:
    """When an agent had a contact, for those that grow out of it."""

    agent: str | None
    team: str | None
    end: int | None


def sniff(file: SourceFile) -> Match | None:
    """Columns Contact_ID, Master_Contact_ID, and the parts of a contact's time."""
    found = shown(file)
    if found >= {"contact_id", "master_contact_id"} and found & {"start_date", "start_time", "inqueue", "prequeue"}:
        return Match(90, "columns Contact_ID, Master_Contact_ID, Start_Date, as in NICE CXone contact reports")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one report; for several of one business unit see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the reports of one business unit together: a contact and its master may lie in two."""
    talks: dict[str, _Talk] = {}

    def stage(file: SourceFile, staging: Staging, report: Report) -> None:
        columns = {key: plain(name) for key, name in mapped_columns(options, report, _MAPPED).items()}
        table = Table(
            file,
            sink,
            options,
            (*_FIELDS, *columns.values()),
            ("start",),
            ("contact_id", "start"),
            names=_NAMES,
            default=Options(dayfirst=False),
            joined={"start": ("start_date", "start_time")},
        )
        table.words(report)
        for line, row in table.rows():
            with usable(sink, report, line):
                body = _slim(row, columns)
                talks[body["id"]] = _Talk(body["agent"], body["team"], body["left"])
                staging.add(line, body["id"], body, at=body["start"], id=body["id"])

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, found in staging.topics():
            hand_over(sink, reports, _steps(found[0], talks, sink))
        sink.note(
            "assumed",
            "the parts of a contact (before the queue, in it, with the agent, after-call work) are "
            "laid out one after another from its start",
        )

    return read_files(files, options, sink, NAME, stage, emit)


def _slim(row: Row, columns: dict[str, str]) -> dict[str, Any]:
    """The parts of a row that are used, with when each part of the contact's time began."""
    start = moment(row, "start")
    if start is None:
        raise Malformed("start", "the start date and time are missing")
    lengths = {name: seconds_of(row.get(name)) for name in _LENGTHS}
    agent = row.get("agent_name") or row.get("agent_no")
    queued = start + (lengths["prequeue"] or 0)
    met = queued + (lengths["inqueue"] or 0)
    talked = lengths["agent_time"] or 0
    return {
        "id": need(row, "contact_id"),
        "master": row.get("master_contact_id"),
        "start": start,
        "agent": agent,
        "team": row.get(columns.get("team", "team_name")) or row.get("skill_name"),
        "skill": row.get("skill_name"),
        "media": row.get("media_name"),
        "address": row.get("ani_dialnum"),
        "abandoned": yes(row.get("abandon")),
        "disposition": row.get("disp_name"),
        "lengths": lengths,
        "queued": queued,
        "met": met if talked else None,
        "left": met + talked if talked else None,
        "mapped": {key: row.get(name) for key, name in columns.items() if key != "team"},
    }


def _steps(staged: Staged, talks: dict[str, _Talk], sink: Sink) -> Iterator[Step]:
    """The events of one contact; the step by which its master gave it away belongs to the master."""
    body = staged.body
    key, lengths = f"cxone:{body['id']}", body["lengths"]
    master = body["master"] if body["master"] != body["id"] else None
    before = talks.get(master) if master else None
    if master:
        sink.refer(key, f"cxone:{master}", "master contact", same=True)
        if before is None:
            sink.note("truncated", "the contact before a transferred one is not in the export", example=key)
    phone, channel = phone_key(body["address"]), _channel(body["media"], sink)
    customer = body["mapped"].get("customer") or phone or email_key(body["address"])
    sink.interaction(
        interaction_id=key,
        source_system="cxone",
        channel=channel,
        customer=customer,
        intent=body["mapped"].get("intent"),
        declared=attributes(
            **{said: lengths[name] // SECOND for name, said in _DECLARED.items() if lengths[name] is not None}
        ),
        identity=attributes(phone=phone, email=email_key(body["address"])),
    )
    me: Actor = ("customer", customer, None)
    found: list[Step] = []
    if before is None or before.end is None:
        found.append(step("Contact started", "started", body["start"], me if master is None else ROUTING))
    if lengths["prequeue"]:
        found.append(step("Before the queue", "ivr_enter", body["start"], ("ivr", "menu", None), body["queued"]))
    if lengths["inqueue"]:
        found.append(
            step(
                "Queued",
                "queue_enter",
                body["queued"],
                ("system", body["skill"], body["team"]),
                body["queued"] + lengths["inqueue"],
            )
        )
    found += _talk(body, before)
    found.append(_end(body, me))
    found[-1]["attributes"] = with_recorded(found[-1].get("attributes"), body["mapped"].get)
    common = common_of(staged, "cxone", key, channel=channel, customer=customer, intent=body["mapped"].get("intent"))
    # In the moment one takes over from the other, the steps of the one before come first.
    later = _LATER if before else 0
    for event in numbered(found, common):
        yield {**event, "sequence": event["sequence"] + later}
    if before and before.end is not None and not _only_helped(body, before):
        warm = body["met"] is not None and body["met"] < before.end - SECOND
        at = before.end if warm or body["start"] > before.end else body["start"]
        yield {
            **common,
            "interaction_id": f"cxone:{master}",
            "sequence": _LATER - 1,
            **step(
                "Transferred",
                "handoff",
                min(at, before.end),
                ("agent", before.agent, before.team),
                handoff_kind="consult" if warm else "blind",
                attributes=attributes(to_team=body["team"]),
            ),
        }


def _talk(body: dict[str, Any], before: _Talk | None) -> Iterator[Step]:
    """The agent's time with its hold and the work after it; until the first agent leaves, who is asked only helps."""
    met, left, lengths = body["met"], body["left"], body["lengths"]
    if met is None:
        return
    actor: Actor = ("agent", body["agent"], body["team"])
    if before and _only_helped(body, before):
        yield no_owner(
            step(
                "Consulted",
                "consult_start",
                met,
                helper(body["agent"]),
                left,
                handoff_kind="consult_only",
                attributes=attributes(helping_team=body["team"]),
            )
        )
        return
    if before and before.end is not None and met < before.end:
        if met < before.end - SECOND:
            yield no_owner(step("Consulted", "consult_start", met, helper(body["agent"]), before.end))
        met = before.end
    hold = min(lengths["hold_time"] or 0, max(left - met, 0))
    yield step("Conversation", "agent_connected", met, actor, left, hold_us=hold or None)
    if lengths["acw_seconds"]:
        yield step("After-contact work", "wrapup_start", left, actor, left + lengths["acw_seconds"])


def _only_helped(body: dict[str, Any], before: _Talk) -> bool:
    """Whether a contact's agent left while the one before still talked."""
    return (
        before.end is not None
        and body["left"] is not None
        and body["met"] < before.end - SECOND
        and body["left"] <= before.end
    )


def _end(body: dict[str, Any], me: Actor) -> Step:
    lengths, mapped = body["lengths"], body["mapped"]
    if body["abandoned"]:
        waited = lengths["abandon_time"]
        at = body["start"] + waited if waited is not None else body["queued"] + (lengths["inqueue"] or 0)
        return step("Abandoned", "abandoned", at, me, outcome=mapped.get("outcome") or "abandoned")
    at = body["left"] if body["left"] is not None else body["queued"] + (lengths["inqueue"] or 0)
    return step("Ended", "ended", at, ROUTING, outcome=mapped.get("outcome") or body["disposition"])


def _channel(media: str | None, sink: Sink) -> str:
    low = (media or "").lower()
    for part, channel in _CHANNELS:
        if part in low:
            return channel
    if media:
        sink.note("unknown values", "unrecognised media were read as unknown", example=media)
    return "unknown"
