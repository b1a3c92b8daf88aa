"""XES event logs (IEEE 1849): `.xes` and `.xes.gz`."""

from __future__ import annotations

from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.tabular.project import Profile, project
from miner.readers.tabular.xes import load_xes

NAME = "xes"
TITLE = "XES event log"
LINKED = False


def sniff(file: SourceFile) -> Match | None:
    """An XML file whose root is <log>."""
    head = file.head[:4096]
    if b"<log" in head and (b"xes" in head.lower() or b"<trace" in file.head):
        return Match(90, "XML with a <log> of XES")
    return Match(40, "named .xes") if file.suffix == ".xes" and head.lstrip()[:1] == b"<" else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Columns are the XES keys; time:timestamp is the end where start_timestamp is there, else a point."""
    report = Report(file.name, NAME, "XES")
    project(load_xes(file, sink), file, options, sink, report, Profile())
    return report
