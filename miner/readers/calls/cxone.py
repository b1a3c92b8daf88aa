"""NICE CXone contact reports (data download, completed contacts): one row a contact, a leg of its own.

A transferred or consulted contact names the one it grew out of in Master_Contact_ID: its root, or its parent. What
happened in one is in `cxone_contact`.
"""

from __future__ import annotations

from miner.events.sink import Sink
from miner.readers.base import Match, Options, SourceFile
from miner.readers.calls.cxone_contact import LENGTHS, AgentTime, contact, steps_of
from miner.readers.calls.report_files import ReportFiles
from miner.readers.calls.tables import Row, shown
from miner.readers.shared.call_files import ReadCall
from miner.readers.shared.staging import Staged
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
_JOINED = {"start": ("start_date", "start_time")}
_MAPPED = ("team", "customer", "intent", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Columns Contact_ID, Master_Contact_ID, and the parts of a contact's time."""
    names = shown(file)
    if names >= {"contact_id", "master_contact_id"} and names & {"start_date", "start_time", "inqueue", "prequeue"}:
        return Match(90, "columns Contact_ID, Master_Contact_ID, Start_Date, as in NICE CXone contact reports")
    return None


class _Files(ReportFiles):
    """The reports of one business unit: a contact and its master may lie in two."""

    name, keys, fields = NAME, _MAPPED, _FIELDS
    times, needed = ("start",), ("contact_id", "start")
    names, default = _NAMES, Options(dayfirst=False)
    joined = _JOINED

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.agents: dict[str, AgentTime] = {}  # by contact

    def take_row(self, line: int, row: Row) -> None:
        """A contact."""
        body = contact(row, self.columns)
        self.agents[body["id"]] = AgentTime(body["agent"], body["team"], body["left"])
        self.staging.add(line, body["id"], body, at=body["start"], id=body["id"])

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The contact."""
        return ReadCall(self.sink, steps_of(records[0], self.agents, self.sink))

    def conclude(self) -> None:
        """Note how times were laid out."""
        self.sink.note(
            "assumed",
            "the parts of a contact (before the queue, in it, with the agent, after-call work) are "
            "laid out one after another from its start",
        )


read, read_all = _Files.read, _Files.read_all
