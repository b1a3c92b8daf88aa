"""Talkdesk's calls report: one row a call, with flags and lengths but no order of legs.

What cannot be known is not made up: of a transferred call the report names who placed or got it and who handled it,
not who had it in between, when it was passed on, or how.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import phone_key
from miner.readers.base import Match, Options, SourceFile
from miner.readers.calls.fields import note_unknown, seconds_of
from miner.readers.calls.report_files import ReportFiles
from miner.readers.calls.tables import Row, moment, need, shown, yes
from miner.readers.shared import call_steps as steps
from miner.readers.shared.call_files import ReadCall
from miner.readers.shared.call_steps import ROUTING, Actor, Call, attributes
from miner.readers.shared.fields import Malformed
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import Staged
from miner.readers.tabular.keys import ATTRIBUTES

NAME = "talkdesk"
TITLE = "Talkdesk calls report"
TOTALS = {
    "talk_time": "talk_s",
    "wait_time": "queue_s",
    "hold_time": "hold_s",
    "is_transfer": "transfers",
    "is_external_transfer": "transfers",
}
NOT_COMPARED = {
    "total_time": "it is the sum of the others",
    "abandon_time": "it is the wait of callers who gave up",
    "total_ringing_time": "ringing counts for nobody",
}
LINKED = True
OUTCOMES = ("abandoned",)

# The report has had other names for the same columns: the Explore report, and the file of the web page.
_NAMES = {
    "interaction_id": "call_id",
    "call_type": "type",
    "start_time": "start_at",
    "end_time": "end_at",
    "customer_phone_number": "contact_phone_number",
    "waiting_time": "wait_time",
    "holding_time": "hold_time",
    "transfer": "is_transfer",
    "agent_name": "user_name",
    "handling_agent": "handling_user_name",
    "external_transfer": "is_external_transfer",
    "tags": "ring_groups",
    "team": "team_name",
    "phone_display_name": "talkdesk_phone_display_name",
    "callback_from_queue": "is_callback_from_queue",
}
_LENGTHS = ("total_time", "talk_time", "wait_time", "hold_time", "abandon_time", "total_ringing_time")
_FIELDS = (
    "call_id",
    "type",
    "contact_phone_number",
    "user_id",
    "user_name",
    "user_email",
    "handling_user_id",
    "handling_user_name",
    "ring_groups",
    "team_name",
    "is_transfer",
    "is_external_transfer",
    "is_callback_from_queue",
    "disposition_code",
    "csat_score",
    "csat_survey_time",
    *_LENGTHS,
)
_TIMES = ("start_at", "end_at", "csat_survey_time")
_TYPES = (
    "abandoned",
    "inbound",
    "missed",
    "outbound",
    "outbound_missed",
    "short_abandoned",
    "voicemail",
    "callback",
    "internal",
    "extension",
)
_PAGES = ("entries",)
_MAPPED = ("team", "customer", "intent", "outcome", "value", *ATTRIBUTES)


class CallRecord(TypedDict):
    """One row; a flag is None where the report does not say it."""

    id: str
    start: int
    end: int | None
    type: str
    phone: str | None
    lengths: dict[str, int | None]
    user: str | None
    team: str | None
    handler: str | None
    groups: list[str]
    transfer: bool | None
    external: bool | None
    disposition: str | None
    score: str | None
    surveyed: int | None
    mapped: dict[str, str | None]


def sniff(file: SourceFile) -> Match | None:
    """The columns of the report, by their names of any time."""
    names = {_NAMES.get(name, name) for name in shown(file, _PAGES)}
    sure = {"call_id", "start_at", "talk_time", "wait_time"} <= names
    if sure and names & {"talkdesk_phone_number", "talkdesk_phone_display_name", "handling_user_name", "ring_groups"}:
        return Match(90, "columns call_id, talk_time, wait_time, ring_groups, as in Talkdesk's calls report")
    return None


class _Files(ReportFiles):
    """The reports of one account: those that overlap are read once."""

    name, keys, fields, times = NAME, _MAPPED, _FIELDS, _TIMES
    needed, pages, names = ("call_id", "start_at"), _PAGES, _NAMES
    default = Options(tz="UTC")  # the API writes UTC, in its older form without saying so

    def stage(self, file: SourceFile) -> None:
        """Lay the rows of a report down."""
        self.explore = bool({"interaction_id", "waiting_time"} & shown(file, _PAGES))
        super().stage(file)

    def take_row(self, line: int, row: Row) -> None:
        """A call."""
        body = _record(row, self.columns, self.explore)
        self.staging.add(line, body["id"], body, at=body["start"], id=body["id"], version=body["end"])

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The call."""
        return ReadCall(self.sink, _steps(records[0], self.sink))


read, read_all = _Files.read, _Files.read_all


def _record(row: Row, columns: dict[str, str], explore: bool) -> CallRecord:
    """The parts of a row that are used, lengths in µs; the Explore report has some of them as parts of a day."""
    start, end = moment(row, "start_at"), moment(row, "end_at")
    if start is None:
        raise Malformed("start_at", "the start of the call is missing")
    lengths = {name: seconds_of(row.get(name)) for name in _LENGTHS}
    if explore:
        lengths = {name: _of_day(row.get(name), known) for name, known in lengths.items()}
    groups = (row.get("ring_groups") or "").replace("+", ",").replace(";", ",")
    return {
        "id": need(row, "call_id"),
        "start": start,
        "end": end,
        "type": (row.get("type") or "").lower(),
        "phone": phone_key(row.get("contact_phone_number")),
        "lengths": lengths,
        "user": row.get("user_name") or row.get("user_id"),
        "team": row.get(columns.get("team", "team_name")),
        "handler": row.get("handling_user_name") or row.get("handling_user_id"),
        "groups": [part.strip() for part in groups.split(",") if part.strip()],
        "transfer": _flag(row.get("is_transfer")),
        "external": _flag(row.get("is_external_transfer")),
        "disposition": row.get("disposition_code"),
        "score": row.get("csat_score"),
        "surveyed": moment(row, "csat_survey_time"),
        "mapped": {key: row.get(name) for key, name in columns.items() if key != "team"},
    }


def _of_day(value: object, seconds: int | None) -> int | None:
    """A length that may be a part of a day: no whole number, and less than one."""
    if seconds is None or value is None or "." not in str(value) or float(str(value)) >= 1:
        return seconds
    return round(float(str(value)) * 86_400) * SECOND


def _flag(value: object) -> bool | None:
    return None if value is None else yes(value)


def _steps(staged: Staged, sink: Sink) -> Iterator[Event]:
    """The events of one call, and the call itself."""
    body = cast(CallRecord, staged.body)
    kind, lengths, mapped, start = body["type"], body["lengths"], body["mapped"], body["start"]
    note_unknown(sink, kind or None, _TYPES, "types of calls")
    customer = mapped.get("customer") or body["phone"]
    call = Call("talkdesk", f"talkdesk:{body['id']}", "voice", customer, mapped.get("intent"))
    flags = {"is_transfer": body["transfer"], "is_external_transfer": body["external"]}
    declared = {name: value // SECOND for name, value in lengths.items() if value is not None}
    declared |= {name: int(flag) for name, flag in flags.items() if flag is not None}
    call.declare(sink, attributes(**declared), attributes(phone=body["phone"]))
    caller: Actor = ("customer", customer, None)
    if kind.startswith("outbound"):
        made = [steps.step("Outbound call", "started", start, ("system", body["user"], None))]
    else:
        made = [steps.step("Call started", "started", start, caller)]
    waited, talked = lengths["wait_time"] or 0, (lengths["talk_time"] or 0) + (lengths["hold_time"] or 0)
    if waited and not kind.startswith("outbound"):
        made.append(
            steps.step("Waiting", "queue_enter", start, ("system", _only(body["groups"]), None), start + waited)
        )
    end = body["end"] if body["end"] is not None else start + waited + talked
    if talked:
        made.append(_talk(body, end, talked, sink))
    made.append(_end(body, end, talked, caller, sink))
    made[-1]["attributes"] = with_recorded(made[-1].get("attributes"), mapped.get)
    if body["score"] is not None and body["surveyed"] is not None:
        score = attributes(score=body["score"])
        made.append(steps.step("Survey answered", "survey_answered", body["surveyed"], caller, attributes=score))
    yield from steps.numbered(call.of(staged, made))


def _talk(body: CallRecord, end: int, talked: int, sink: Sink) -> Event:
    """The conversation, up to the end of the call; of a transferred one all of it stands with who handled it."""
    if len(body["groups"]) > 1 and not body["team"]:
        message = "calls name several ring groups; the report does not say which answered"
        sink.note("unknown team", message, 1, body["id"])
    if body["transfer"] or body["external"]:
        message = "calls were transferred; the report does not say when, how and between whom"
        sink.note("unknown", message, 1, body["id"])
    return steps.conversation(
        max(end - talked, body["start"]),
        end,
        ("agent", body["handler"] or body["user"], body["team"] or _only(body["groups"])),
        hold_us=body["lengths"]["hold_time"] or None,
        attributes=attributes(
            is_transfer=body["transfer"] or None,
            is_external_transfer=body["external"] or None,
            ring_groups=", ".join(body["groups"]) or None,
        ),
    )


def _end(body: CallRecord, end: int, talked: int, caller: Actor, sink: Sink) -> Event:
    outcome = body["mapped"].get("outcome") or body["disposition"]
    if body["type"] in ("abandoned", "short_abandoned"):
        return steps.abandoned(end, caller[1], outcome=body["mapped"].get("outcome") or "abandoned")
    if body["type"] == "voicemail":
        return steps.step("Voicemail left", "ended", end, caller, outcome=outcome)
    if body["type"] in ("missed", "outbound_missed") or not talked:
        return steps.step("Missed", "ended", end, ROUTING, outcome=outcome)
    if body["end"] is None:
        sink.note("open", "calls without an end were read up to their duration", example=body["id"])
    return steps.ended(end, outcome=outcome)


def _only(groups: list[str]) -> str | None:
    """The ring group where there is one only."""
    return groups[0] if len(groups) == 1 else None
