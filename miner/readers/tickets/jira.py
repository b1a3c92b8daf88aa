"""Jira and Jira Service Management: issues with their changelog, the CSV export, and tables of a copied database.

Understood: the REST interface (`issues` with `expand=changelog`, bulk changelogs), the CSV that the issue
navigator exports, the tables that Fivetran makes (`issue`, `issue_field_history`, `comment`, `user`, `team`,
`status`…), and change items joined with their groups. What the saves of an issue mean is in `jira_issue`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.staging import Staging, nothing_told, read_files, usable
from miner.readers.tabular.keys import ATTRIBUTES
from miner.readers.tabular.read import is_table
from miner.readers.tickets import jira_rest, jira_tables
from miner.readers.tickets.jira_issue import Account, Issue
from miner.readers.tickets.lifecycle import Desk
from miner.readers.tickets.states import TICKET_OUTCOMES
from miner.readers.tickets.tables import Times, flat_rows, kind_of
from miner.readers.tickets.telling import tell

NAME = "jira"
TITLE = "Jira and Jira Service Management issues"
NOT_COMPARED = {"changelog.total": "records with several changes are several events; a truncated history is noted"}
LINKED = True
OUTCOMES = TICKET_OUTCOMES

_MAPPED = ("team", "intent", "customer", "outcome", "value", "channel", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Issues with a changelog or with fields as Jira has them, or tables with Jira's columns."""
    if is_table(file) == "json":
        found = [record.value for record in sample(file, jira_rest.PAGES)]
        if any(jira_rest.is_issue(value) or jira_rest.is_bulk(value) for value in found):
            return Match(92, "issues with key and changelog or fields, as in Jira")
        if shows(file, "changelog", "histories", "key"):
            return Match(70, "a long record with a changelog of histories, as in Jira")
    kind = kind_of(file, jira_tables.KINDS, jira_tables.LABELS)
    return Match(88, f"the columns of Jira's table of {kind.replace('_', ' ')}") if kind else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of issues; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one site together: histories, comments and names may lie in files of their own."""
    site = _Site(options, sink)
    return read_files(files, options, sink, NAME, site.stage, site.emit)


@dataclass
class _Site:
    options: Options
    sink: Sink
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        mapped = self.options.mapped(_MAPPED)
        self.account = Account(Desk(self.sink, NAME), mapped)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay down what was done to issues, and remember what is said of them."""
        report.columns, report.time = dict(self.account.mapped), "ISO-8601"
        kind = kind_of(file, jira_tables.KINDS, jira_tables.LABELS)
        if kind and not (is_table(file) == "json" and _is_rest(file)):
            self._table(file, kind, staging, report)
        elif is_table(file) == "json":
            self._rest(file, staging, report)
        else:
            raise InputError(
                Problem(
                    "these are not the columns of a Jira export",
                    file.name,
                    fix="export the issues with their changelog as JSON, or use eventlog:FILE",
                )
            )

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every issue into events, an interaction and its references."""
        self.account.know()
        count = 0
        for issue_id, saves in staging.topics():
            count += tell(self.sink, reports, Issue(issue_id, saves, self.account))
        if not count:
            raise nothing_told(reports, "there are no issues with a time", "add the issues or their history")

    def _rest(self, file: SourceFile, staging: Staging, report: Report) -> None:
        reader = jira_rest.Rest(self.account, staging, Times(self.options, self.sink))
        for record in paged_records(file, self.sink, jira_rest.PAGES):
            with usable(self.sink, report, record.line):
                reader.take(record.line, record.value)

    def _table(self, file: SourceFile, kind: str, staging: Staging, report: Report) -> None:
        naive_is_utc = kind != "issues_csv"  # copies of the database are in UTC, the navigator's CSV is not
        reader = jira_tables.Table(kind, self.account, staging, Times(self.options, self.sink, naive_is_utc))
        for line, row in flat_rows(file, self.sink, jira_tables.LABELS):
            with usable(self.sink, report, line):
                reader.take(line, row)


def _is_rest(file: SourceFile) -> bool:
    return any(jira_rest.is_issue(r.value) or jira_rest.is_bulk(r.value) for r in sample(file, jira_rest.PAGES, 3))
