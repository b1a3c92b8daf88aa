"""Jira in tables: what Fivetran copies, change items joined with their groups, and the navigator's CSV."""

from __future__ import annotations

import re
from datetime import datetime

from miner.events import times
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json, Malformed, yes
from miner.readers.shared.staging import Staging
from miner.readers.tabular.rows import Row, need
from miner.readers.tickets.jira_account import Account

LABELS: dict[str, str] = {}
KINDS = {
    "field_history": ("field_id", "issue_id", "time", "value", "is_active"),
    "change_items": ("issueid", "field", "created", "change_group_id"),
    "comments": ("id", "author_id", "body", "issue_id", "is_public", "created"),
    "issues": ("id", "key", "issue_type", "status", "created", "creator", "reporter", "fivetran_synced"),
    "issues_csv": ("issue_key", "issue_type", "status", "created"),
    "issue_links": ("issue_id", "related_issue_id", "relationship"),
    "users": ("id", "fivetran_synced", "locale", "time_zone", "username"),
    "teams": ("id", "is_shared", "is_visible", "name", "title"),
    "statuses": ("id", "name", "status_category_id"),
    "fields": ("id", "is_array", "is_custom", "name"),
}
_COMMENT = re.compile(r"([^;]{6,30});([^;]+);(.*)", re.DOTALL)
_NAVIGATOR = ("%d/%b/%y %I:%M %p", "%d/%b/%Y %I:%M %p", "%d/%b/%y %H:%M", "%Y-%m-%d %H:%M")


class Table:
    """Takes the rows of one table."""

    def __init__(self, kind: str, account: Account, staging: Staging, clock: Clock):
        self.account, self.staging, self.clock = account, staging, clock
        self.take = getattr(self, f"_{kind}")

    def _field_history(self, line: int, row: Row) -> None:
        name = need(row, "field_id")
        if name == "created":
            return
        body = {"kind": "save", "author": row.get("author_id"), "items": [{"field": name, "to": row.get("value")}]}
        at = self.clock.need(row, "time")
        self.staging.add(line, need(row, "issue_id"), body, at=at, id=row.get("fivetran_id"), rank=line)
        self.account.learn(body)

    def _change_items(self, line: int, row: Row) -> None:
        item: Json = {"field": need(row, "field"), "to": _new(row)}
        if "oldvalue" in row or "oldstring" in row:
            item["from"] = row.get("oldstring") or row.get("oldvalue")
        body = {"kind": "save", "author": row.get("author"), "items": [item], "group": row.get("change_group_id")}
        at = self.clock.need(row, "created")
        number = row.get("id")
        self.staging.add(
            line,
            need(row, "issueid"),
            body,
            at=at,
            id=f"item {number}" if number else None,
            rank=int(number) if number and number.isdecimal() and len(number) < 19 else None,
        )
        self.account.learn(body)

    def _comments(self, line: int, row: Row) -> None:
        public = yes(row.get("is_public"))
        body = {"kind": "comment", "author": row.get("author_id"), "public": public, "text": row.get("body")}
        at = self.clock.need(row, "created")
        self.staging.add(line, need(row, "issue_id"), body, at=at, id=f"comment {need(row, 'id')}")
        if public is False and row.get("author_id"):
            self.account.agents.add(row["author_id"] or "")

    def _issues(self, line: int, row: Row) -> None:
        issue = need(row, "id")
        known = self.account.issue(issue)
        known |= {name: row.get(name) for name in ("key", "assignee", "creator", "reporter", "status")}
        known["fields"] |= row
        if row.get("parent_id"):
            known["links"].append((row["parent_id"], "parent"))
        at = self.clock.of(row, "created")
        done = self.clock.of(row, "resolved")
        if at is not None:
            author = row.get("creator") or row.get("reporter")
            self.staging.add(line, issue, {"kind": "created", "author": author}, at=at, id=f"created {issue}", rank=-1)
        if done is not None:
            self.staging.add(line, issue, {"kind": "resolved", "author": None}, at=done, id=f"resolved {issue}")

    def _issues_csv(self, line: int, row: Row) -> None:
        """The navigator's CSV: no history, but creation, comments and resolution."""
        key = need(row, "issue_key")
        issue = row.get("issue_id") or key
        known = self.account.issue(issue)
        known |= {"key": key, "status": row.get("status")}
        known |= {name: row.get(f"{name}_id") or row.get(name) for name in ("assignee", "creator", "reporter")}
        known["fields"] |= row
        for name in ("assignee", "creator", "reporter"):
            if row.get(f"{name}_id") and row.get(name):
                self.account.remember_person(row[f"{name}_id"] or "", row[name], None, None)
        author = known["creator"] or known["reporter"]
        self.staging.add(
            line,
            issue,
            {"kind": "created", "author": author},
            rank=-1,
            id=f"created {issue}",
            at=self._navigator(row.get("created"), "created") or _missing("created"),
        )
        for name, value in row.items():
            comment = _COMMENT.fullmatch(value) if value and name.startswith("comment") else None
            if comment:
                at = self._navigator(comment[1], name) or _missing(name)
                body = {"kind": "comment", "author": comment[2], "public": None, "text": comment[3]}
                self.staging.add(line, issue, body, at=at)
        done = self._navigator(row.get("resolved"), "resolved")
        if done is not None:
            self.staging.add(line, issue, {"kind": "resolved", "author": None}, at=done, id=f"resolved {issue}")

    def _issue_links(self, line: int, row: Row) -> None:
        known = self.account.issue(need(row, "issue_id"))
        known["links"].append((need(row, "related_issue_id"), row.get("relationship") or "link"))

    def _users(self, line: int, row: Row) -> None:
        self.account.remember_person(need(row, "id"), row.get("name"), row.get("email"), row.get("account_type"))

    def _teams(self, line: int, row: Row) -> None:
        self.account.teams[need(row, "id")] = row.get("name") or row.get("title") or need(row, "id")

    def _statuses(self, line: int, row: Row) -> None:
        done = row.get("status_category_id") == "3"
        self.account.remember_state(need(row, "id"), row.get("name") or need(row, "id"), done)

    def _fields(self, line: int, row: Row) -> None:
        self.account.fields[need(row, "id")] = row.get("name") or need(row, "id")

    def _navigator(self, value: str | None, name: str) -> int | None:
        """The navigator writes times in the form of the site's settings, by default 12/Mar/21 9:14 AM."""
        for form in _NAVIGATOR if value is not None and self.clock.form is None else ():
            try:
                return times.parse(value, self.clock.zone, form=form)
            except times.NoZone:
                value = datetime.strptime(value or "", form).isoformat()  # the clock knows what to say of it
                break
            except ValueError:
                continue
        return self.clock.parse(value, name)


def _new(row: Row) -> str | None:
    person = row.get("field") == "assignee"
    first, second = ("newvalue", "newstring") if person else ("newstring", "newvalue")
    return row.get(first) or row.get(second) or row.get("value")


def _missing(name: str) -> int:
    raise Malformed(name, f"{name} is missing")
