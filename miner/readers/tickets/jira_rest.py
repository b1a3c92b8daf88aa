"""Issues as Jira's REST interface gives them."""

from __future__ import annotations

from miner.events.values import id_of, text_of
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Body, Json, Malformed, child, children, whole_number
from miner.readers.shared.staging import Staging, usable
from miner.readers.tickets.jira_account import Account

PAGES = ("issues", "issueChangeLogs")
_ISSUE_FIELDS = frozenset(("status", "assignee", "reporter", "issuetype", "created", "project"))


def is_issue(value: Json) -> bool:
    """An issue has a key, and a changelog with histories or two of the usual fields."""
    if not isinstance(value.get("key"), str):
        return False
    log, fields = value.get("changelog"), value.get("fields")
    return (isinstance(log, dict) and isinstance(log.get("histories"), list)) or (
        isinstance(fields, dict) and len(_ISSUE_FIELDS & fields.keys()) > 1
    )


def is_bulk(value: Json) -> bool:
    """An entry of bulk changelogs: an issue id with its histories."""
    return "issueId" in value and isinstance(value.get("changeHistories"), list)


class Rest:
    """Takes issues and changelogs of one file."""

    def __init__(self, account: Account, staging: Staging, clock: Clock):
        self.account, self.staging, self.clock = account, staging, clock

    def take(self, line: int, value: Json) -> None:
        """One issue with its changelog and comments, or one entry of bulk changelogs."""
        if is_bulk(value):
            self.clock.unit = "ms"
            self.account.issue(_id(value, "issueId"))["has_history"] = True
            self._histories(line, _id(value, "issueId"), children(value, "changeHistories"))
            return
        if not is_issue(value):
            raise Malformed(None, "not an issue: key, fields or changelog are missing", sorted(value)[:10])
        key = text_of(value["key"]) or ""
        issue = id_of(value.get("id")) or key
        known = self.account.issue(issue)
        known["key"] = key
        self._fields(line, issue, known, child(value, "fields"))
        log = child(value, "changelog")
        histories = children(log, "histories")
        if "histories" in log:
            known["has_history"] = True
        total = whole_number(log.get("total"))
        if total is not None:
            known["total"] = max(total, known.get("total") or 0)
        self._histories(line, issue, histories)

    def _fields(self, line: int, issue: str, known: Body, fields: Json) -> None:
        for name in ("assignee", "reporter", "creator"):
            person = self._person(fields.get(name))
            if person or name in fields:
                known[name] = person
        status = fields.get("status")
        if isinstance(status, dict):
            known["status"] = text_of(status.get("name"))
            category = status.get("statusCategory")
            if isinstance(category, dict) and known["status"]:
                self.account.remember_state(known["status"], known["status"], text_of(category.get("key")) == "done")
        for name, value in fields.items():
            named = value.get("name") or value.get("title") or value.get("value") if isinstance(value, dict) else value
            known["fields"][name] = text_of(named)
            if self.account.is_team_field(name) and text_of(named):
                known["team"] = text_of(named)
        at = self.clock.of(fields, "created")
        done = self.clock.of(fields, "resolutiondate")
        if at is not None:
            self.staging.add(
                line,
                issue,
                {"kind": "created", "author": known.get("creator") or known.get("reporter")},
                at=at,
                id=f"created {issue}",
                rank=-1,
            )
        if done is not None:
            self.staging.add(line, issue, {"kind": "resolved", "author": None}, at=done, id=f"resolved {issue}")
        self._comments(line, issue, known, fields)
        _links(known, fields)

    def _comments(self, line: int, issue: str, known: Body, fields: Json) -> None:
        page = fields.get("comment")
        if not isinstance(page, dict):
            return
        comments = children(page, "comments")
        total = whole_number(page.get("total"))
        if total is not None and total > len(comments):
            self.account.sink.note(
                "truncated", "an issue has more comments than the export contains", example=known["key"]
            )
        for comment in comments:
            with usable(self.account.sink, None, line):  # a bad comment is rejected alone
                self._comment(line, issue, comment)

    def _comment(self, line: int, issue: str, comment: Json) -> None:
        public = comment.get("jsdPublic")
        author = self._person(comment.get("author"))
        body = {
            "kind": "comment",
            "author": author,
            "public": public if isinstance(public, bool) else None,
            "text": text_of(comment.get("body")),
        }
        number = id_of(comment.get("id"))
        at = self.clock.need(comment, "created")
        self.staging.add(line, issue, body, at=at, id=f"comment {number}" if number else None)
        if public is False and author:
            self.account.agents.add(author)

    def _histories(self, line: int, issue: str, histories: list[Json]) -> None:
        for history in histories:
            with usable(self.account.sink, None, line):  # a bad save is rejected alone
                self._history(line, issue, history)

    def _history(self, line: int, issue: str, history: Json) -> None:
        items = [
            {
                "field": text_of(i.get("field")) or text_of(i.get("fieldId")) or "field",
                "from": _end(i, "from"),
                "to": _end(i, "to"),
            }
            for i in children(history, "items")
        ]
        number = id_of(history.get("id"))
        body = {"kind": "save", "author": self._person(history.get("author")), "items": items}
        at = self.clock.need(history, "created")
        self.staging.add(
            line, issue, body, at=at, id=f"history {number}" if number else None, rank=whole_number(number)
        )
        self.account.learn(body)

    def _person(self, value: object) -> str | None:
        """The id of a person, remembering name, address and kind of account."""
        if not isinstance(value, dict):
            return None
        person = id_of(value.get("accountId")) or id_of(value.get("key")) or id_of(value.get("name"))
        if person:
            self.account.remember_person(
                person,
                text_of(value.get("displayName")),
                text_of(value.get("emailAddress")),
                text_of(value.get("accountType")),
            )
        return person


def _end(item: Json, side: str) -> str | None:
    """One end of a change: the id of a person, else the text that people see, else the id."""
    raw, text = id_of(item.get(side)), text_of(item.get(f"{side}String"))
    return (raw or text) if item.get("field") in ("assignee", "reporter") else (text or raw)


def _links(known: Body, fields: Json) -> None:
    found = fields.get("issuelinks")
    for link in found if isinstance(found, list) else ():
        kind = link.get("type") if isinstance(link, dict) else None
        for side in ("outwardIssue", "inwardIssue"):
            other = link.get(side) if isinstance(link, dict) else None
            if isinstance(other, dict) and text_of(other.get("key")):
                basis = text_of(kind.get("name")) if isinstance(kind, dict) else None
                known["links"].append((text_of(other["key"]), basis or "link"))
    parent = fields.get("parent")
    if isinstance(parent, dict) and text_of(parent.get("key")):
        known["links"].append((text_of(parent["key"]), "parent"))


def _id(value: Json, key: str) -> str:
    found = id_of(value.get(key))
    if found is None:
        raise Malformed(key, f"{key} is missing", value.get(key))
    return found
