"""NICE CXone contact reports (data download, completed contacts): one row a contact, a leg of its own.

A transferred or consulted contact names the one it grew out of in Master_Contact_ID: its root, or its parent. What
happened in one is in `cxone_contact`.
"""

from __future__ import annotations

from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.calls.cxone_contact import LENGTHS, AgentTime, contact, steps_of
from miner.readers.calls.fields import mapped_columns
from miner.readers.calls.tables import Table, plain, shown
from miner.readers.shared.staging import Staging, hand_over, read_files, usable
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
    *LENGTHS,
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
_MAPPED = ("team", "customer", "intent", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Columns Contact_ID, Master_Contact_ID, and the parts of a contact's time."""
    names = shown(file)
    if names >= {"contact_id", "master_contact_id"} and names & {"start_date", "start_time", "inqueue", "prequeue"}:
        return Match(90, "columns Contact_ID, Master_Contact_ID, Start_Date, as in NICE CXone contact reports")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one report; for several of one business unit see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the reports of one business unit together: a contact and its master may lie in two."""
    agents: dict[str, AgentTime] = {}

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
                body = contact(row, columns)
                agents[body["id"]] = AgentTime(body["agent"], body["team"], body["left"])
                staging.add(line, body["id"], body, at=body["start"], id=body["id"])

    def emit(staging: Staging, reports: dict[int, Report]) -> None:
        for _, copies in staging.topics():
            hand_over(sink, reports, steps_of(copies[0], agents, sink))
        sink.note(
            "assumed",
            "the parts of a contact (before the queue, in it, with the agent, after-call work) are "
            "laid out one after another from its start",
        )

    return read_files(files, options, sink, NAME, stage, emit)
