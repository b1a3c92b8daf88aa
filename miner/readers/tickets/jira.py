"""Jira and Jira Service Management: issues with their changelog, the CSV export, and tables of a copied database.

Understood: the REST interface (`issues` with `expand=changelog`, bulk changelogs), the CSV that the issue
navigator exports, the tables that Fivetran makes (`issue`, `issue_field_history`, `comment`, `user`, `team`,
`status`…), and change items joined with their groups. What the saves of an issue mean is in `jira_issue`.
"""

from __future__ import annotations

from miner.errors import InputError, Problem
from miner.readers.base import Match, SourceFile
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.records import paged_records, sample, shows
from miner.readers.shared.states import TICKET_OUTCOMES
from miner.readers.shared.ticket_files import TicketFiles
from miner.readers.tabular.read import is_table
from miner.readers.tabular.rows import flat_rows, kind_of
from miner.readers.tickets import jira_rest, jira_tables
from miner.readers.tickets.jira_account import Account
from miner.readers.tickets.jira_issue import JiraIssue

NAME = "jira"
TITLE = "Jira and Jira Service Management issues"
NOT_COMPARED = {"changelog.total": "records with several changes are several events; a truncated history is noted"}
LINKED = True
OUTCOMES = TICKET_OUTCOMES


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


class _Files(TicketFiles[Account]):
    """The files of one site: histories, comments and names may lie in files of their own."""

    name, account_type, ticket_type = NAME, Account, JiraIssue
    keys = ("team", *TicketFiles.keys, "channel")
    nothing, fix = "there are no issues with a time", "add the issues or their history"

    def make_clock(self, file: SourceFile) -> Clock:
        """Copies of the database are in UTC, the navigator's CSV is not."""
        copied = _table(file) not in (None, "issues_csv")
        return Clock(self.options, self.sink, assumed=ASSUMED_UTC if copied else None)

    def stage(self, file: SourceFile) -> None:
        """Lay down what was done to issues, and remember what is said of them."""
        kind = _table(file)
        if kind:
            table = jira_tables.Table(kind, self.account, self.staging, self.clock)
            self.take_each(flat_rows(file, self.sink, jira_tables.LABELS), table.take)
        elif is_table(file) == "json":
            rest = jira_rest.Rest(self.account, self.staging, self.clock)
            self.take_each(((r.line, r.value) for r in paged_records(file, self.sink, jira_rest.PAGES)), rest.take)
        else:
            raise InputError(
                Problem(
                    "these are not the columns of a Jira export",
                    file.name,
                    fix="export the issues with their changelog as JSON, or use eventlog:FILE",
                )
            )


read, read_all = _Files.read, _Files.read_all


def _table(file: SourceFile) -> str | None:
    """Which table a file is, None where it is none or what the REST interface gives."""
    kind = kind_of(file, jira_tables.KINDS, jira_tables.LABELS)
    return None if kind and is_table(file) == "json" and _is_rest(file) else kind


def _is_rest(file: SourceFile) -> bool:
    return any(jira_rest.is_issue(r.value) or jira_rest.is_bulk(r.value) for r in sample(file, jira_rest.PAGES, 3))
