"""XES event logs (IEEE 1849): `.xes` and `.xes.gz`."""

from __future__ import annotations

from dataclasses import replace

from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.standards.xes_lifecycle import STARTED, TRANSITION, mentions_pairs, pair
from miner.readers.tabular.project import Profile, project
from miner.readers.tabular.xes import load_xes

NAME = "xes"
TITLE = "XES event log"
LINKED = False

_STANDARD = {"team": "org:group", "agent": "org:resource", "silo": "org:role"}


def sniff(file: SourceFile) -> Match | None:
    """An XML file whose root is <log>."""
    head = file.head[:4096]
    if b"<log" in head and (b"xes" in head.lower() or b"<trace" in file.head):
        return Match(90, "XML with a <log> of XES")
    return Match(40, "named .xes") if file.suffix == ".xes" and head.lstrip()[:1] == b"<" else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Columns are the XES keys; time:timestamp is the end where start_timestamp is there, else a point.

    With `--map start=lifecycle:transition` start and complete are paired into spans.
    """
    report = Report(file.name, NAME, "XES")
    cells = load_xes(file, sink)
    profile = Profile()
    if options.columns.get("start") == TRANSITION:
        cells = pair(cells, options.columns, sink, file.name)
        given = {key: column for key, column in options.columns.items() if key != "start"}
        profile = Profile({"start": STARTED, "time": "time:timestamp", **({} if given else _STANDARD)})
        options = replace(options, columns=given)
    else:
        mentions_pairs(cells, sink)
    project(cells, file, options, sink, report, profile)
    return report
