"""Asterisk call detail records: Master.csv without header, or any table of them with one.

A call is all rows of one linkedid. What a row says is in `asterisk_call`, who in it is
a person in `asterisk_channels`.
"""

from __future__ import annotations

import io
from itertools import islice

from miner.events.sink import Sink
from miner.readers.base import Match, Options, SourceFile
from miner.readers.calls.asterisk_call import CdrCall
from miner.readers.calls.asterisk_channels import Channels
from miner.readers.calls.asterisk_rows import DISPOSITIONS, cdr_row
from miner.readers.calls.fields import Repeats
from miner.readers.calls.report_files import ReportFiles
from miner.readers.calls.tables import Row, shown
from miner.readers.shared.call_files import ReadCall
from miner.readers.shared.staging import Staged
from miner.readers.tabular.dialect import cells_of, detect
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.read import is_table

NAME = "asterisk_cdr"
TITLE = "Asterisk call detail records"
NOT_COMPARED = {
    "duration": "rows of one call overlap",
    "billsec": "unanswered rows bill seconds too",
    "rows": "it is not a count of events",
}
LINKED = True
OUTCOMES = ("abandoned",)

# The order of Master.csv; the last three on newer systems only, uniqueid and userfield where they are switched on.
ORDER = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "peeraccount",
    "linkedid",
    "sequence",
)
# The order of Asterisk's example for cdr_custom, whose file is called Master.csv too.
_CUSTOM = (
    "clid",
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "accountcode",
    "uniqueid",
    "userfield",
    "sequence",
)
_TIMES = ("start", "answer", "end")
_NAMES = {
    "calldate": "start",
    "start_time": "start",
    "starttime": "start",
    "answer_time": "answer",
    "end_time": "end",
    "answerdate": "answer",
    "enddate": "end",
    "hangupdate": "end",
}
_NEEDED = ("start", "channel", "dstchannel", "disposition")
_SURE = {"channel", "dstchannel", "lastapp", "disposition"}
_MAPPED = ("team", "customer", "intent", "outcome", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Columns channel, dstchannel, lastapp, disposition; or Master.csv, which has no header."""
    if shown(file) >= _SURE:
        return Match(90, "columns channel, dstchannel, lastapp, disposition, as in Asterisk's call detail records")
    return Match(85, "rows in the order of Asterisk's Master.csv") if _order(file) else None


def _order(file: SourceFile) -> tuple[str, ...] | None:
    """The order of the columns of a Master.csv, which has no header: that whose dispositions are some."""
    if is_table(file) != "delimited":
        return None
    text = file.head.decode("utf-8", "replace").lstrip("\ufeff")
    dialect = detect(text)
    if dialect is None or dialect.header or not 16 <= len(dialect.columns) <= len(ORDER):
        return None
    rows = list(islice(cells_of(io.StringIO(text), dialect.delimiter), 30))
    for order in (ORDER, _CUSTOM):
        at = order.index("disposition")
        if 2 * sum(len(row) > at and row[at].strip() in DISPOSITIONS for row in rows) >= len(rows):
            return order
    return None


class _Files(ReportFiles):
    """The files of one server: the rows of a call may lie in two, and trunks show by all of them."""

    name, keys, fields, times, needed = NAME, _MAPPED, ORDER, _TIMES, _NEEDED

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.channels = Channels()

    def stage(self, file: SourceFile) -> None:
        """Lay the rows of a file down."""
        self.repeats = Repeats(self.several)
        unnamed = {f"column{i}": name for i, name in enumerate(_order(file) or ORDER, 1)}
        self.names = _NAMES if shown(file) else unnamed
        super().stage(file)

    def take_row(self, line: int, row: Row) -> None:
        """A row of a call."""
        body = cdr_row(row, self.columns)
        self.channels.learn(body)
        text = f"{body['start']}|{body['channel']}|{body['dstchannel']}|{body['dst']}|{body['end']}"
        self.staging.add(line, body["call"], body, at=body["start"], id=self.repeats.id(text), rank=body["sequence"])

    def interaction(self, key: str, records: list[Staged]) -> ReadCall:
        """The call."""
        call = CdrCall(key, records, self.channels, self.sink)
        return ReadCall(self.sink, call.steps(), call.declare)


read, read_all = _Files.read, _Files.read_all
