"""What is known of a Jira site, and what the saves of one issue say, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from miner.events.sink import Sink
from miner.events.values import customer_key, email_key
from miner.readers.staging import Staged
from miner.readers.tickets.way import SYSTEM, By, Desk, Event, Way, said, state_kind

_TEAMS = frozenset(("team", "assigned team", "support team", "assignment group", "assigned group", "service team",
                    "responsible team", "owning team"))
_DERIVED = frozenset((
    "rank", "created", "updated", "lastviewed", "last viewed", "workratio", "work ratio", "statuscategorychangedate",
    "timespent", "timeestimate", "worklogid", "worklogtimespent", "remoteissuelink", "remoteworkitemlink", "creator",
    "status category changed", "statuscategory", "resolutiondate", "resolved", "thumbnail", "votes", "watches",
))
_NOT_GOOD = frozenset(("won't do", "won't fix", "duplicate", "cannot reproduce", "declined", "incomplete", "cancelled",
                       "canceled", "rejected", "known error", "abandoned"))


def is_team_field(name: str, mapped: dict[str, str]) -> bool:
    """Whether a field says which team has an issue: the one mapped, else one of the usual names."""
    wanted = mapped.get("team")
    return name == wanted if wanted else name.strip().lower() in _TEAMS


@dataclass
class Account:
    """What is known of all issues before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    sorts: dict[str, str] = field(default_factory=dict)  # person → atlassian, app, customer
    agents: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)  # id of a field → its name
    keys: dict[str, str] = field(default_factory=dict)  # id of an issue → its key

    def issue(self, issue: str) -> dict[str, Any]:
        """What is known of an issue."""
        return self.issues.setdefault(issue, {"fields": {}, "links": []})

    def person(self, person: str, name: str | None, email: str | None, sort: str | None) -> None:
        """Remember a person."""
        for known, value in ((self.desk.people, name), (self.emails, email), (self.sorts, sort)):
            if value:
                known[person] = value

    def knows_state(self, state: str, name: str, done: bool) -> None:
        """Remember a state: those of the category Done are resolved unless their name says closed."""
        self.desk.states[state] = name
        self.desk.kinds[state] = (state_kind(name) or "resolved") if done else None

    def learn(self, body: dict[str, Any]) -> None:
        """Who is assigned, and who assigns, is an agent."""
        for item in body["items"]:
            if item["field"] == "assignee":
                self.agents.update(person for person in (item.get("from"), item["to"]) if person)

    def know(self) -> None:
        """Call once, after the last file."""
        self.agents.update(i["assignee"] for i in self.issues.values() if i.get("assignee"))
        self.keys = {issue: known["key"] for issue, known in self.issues.items() if known.get("key")}

    def by(self, author: str | None, reporter: str | None) -> By:
        """Who acts: the kind of account says it, else a reporter who is never assigned anything is a customer."""
        if author is None:
            return By("unknown")
        sort = self.sorts.get(author)
        if sort in ("app", "customer"):
            return By("rule" if sort == "app" else "customer", author)
        return By("customer" if author == reporter and author not in self.agents else "agent", author)


class Issue:
    """One issue on its way."""

    def __init__(self, issue: str, saves: list[Staged], account: Account):
        self.account, self.saves = account, saves
        self.known = account.issue(issue)
        self.created = next((save.at for save in saves if save.body["kind"] == "created"), None)
        self.key = f"jira:{account.keys.get(issue, issue)}"
        self.reporter = self.known.get("reporter") or self.known.get("creator")
        by = account.by(self.reporter, self.reporter)
        own = self._mapped("customer")
        self.customer = customer_key(own) or (self._customer() if by.type == "customer" else None)
        self.way = Way(account.desk, self.key, customer=self.customer, intent=self._mapped("intent"))
        self.rows = 0

    def steps(self) -> Iterator[Event]:
        """The events of the issue in order; rows of one author and time are one save."""
        self.way.starts({"team": self._first("team"), "agent": self._first("agent"), "state": self._first("state")})
        saves = [save for save in self.saves if not self._is_initial(save)]
        self.rows = len(self.saves) - len(saves)
        for _, group in groupby(saves, key=lambda s: (s.at, s.body["author"], s.body["kind"], s.body.get("group"))):
            saves = list(group)
            if saves[0].body["kind"] == "save":
                yield from self._save(saves)
            else:
                for save in saves:
                    yield from self._other(save)

    def finish(self, sink: Sink) -> None:
        """The interaction itself, what it refers to, and whether its history is whole."""
        total = self.known.get("total")
        if total is not None and total > self.rows:
            sink.note("truncated", "an issue declares more changes than the export has; the oldest are missing",
                      example=f"{self.key}: {self.rows} of {total}")
        emails, people = self.account.emails, self.account.desk.people
        person = self.reporter or ""
        sink.interaction(
            interaction_id=self.key, source_system="jira", channel=None, customer=self.customer,
            intent=self._mapped("intent"), declared=said({"changelog.total": total}),
            identity=said({"id": self.reporter, "email": emails.get(person), "name": people.get(person)})
            if self.customer else None)
        for other, basis in dict.fromkeys(self.known["links"]):
            sink.refer(self.key, f"jira:{self.account.keys.get(other, other)}", basis)

    def outcome_and_value(self) -> tuple[str | None, str | None]:
        """What mapped fields say of the issue as a whole."""
        return self._mapped("outcome"), self._mapped("value")

    def _save(self, saves: list[Staged]) -> Iterator[Event]:
        place, author = saves[0], saves[0].body["author"]
        items = [item for save in saves for item in save.body["items"]]
        self.rows += len(saves)
        change, before, steps, resolution = {}, {}, [], None
        for item in items:
            role = self._role(item["field"])
            if role:
                change[role] = item["to"]
                if "from" in item:
                    before[role] = item["from"]
            elif item["field"].lower() == "resolution":
                resolution = item["to"]
            else:
                steps += self._step(item)
        who = self.account.by(author, self.reporter)
        if author is None and self.way.agent:
            self.account.desk.sink.note("assumed", "changes without an author were taken as those of the assignee")
            who = By("agent", self.way.agent)
        for event in self.way.save(place, who, change, before=before, steps=_once(steps)):
            poor = (resolution or "").lower() in _NOT_GOOD and event.get("outcome") == "resolved"
            yield event | {"outcome": (resolution or "").lower()} if poor else event

    def _step(self, item: dict[str, Any]) -> list[Event]:
        name = self.account.fields.get(item["field"], item["field"])
        if name.lower() in _DERIVED:
            self.account.desk.sink.note("left out", "fields that follow from other changes are no steps", example=name)
            return []
        if name.lower() in ("link", "issuelinks", "epic link", "parent"):
            return [{"activity": "Linked issue", "event_type": "field_changed"}]
        event_type = "sla" if "time to " in name.lower() else "field_changed"
        return [{"activity": f"Changed {name}", "event_type": event_type}]

    def _other(self, save: Staged) -> Iterator[Event]:
        body = save.body
        who = self.account.by(body["author"], self.reporter)
        if body["kind"] == "created":
            first = {"team": self.way.team, "agent": self.way.agent, "state": self.way.state}
            held: dict[str, str | None] = {k: v for k, v in first.items() if v is not None and self._whole()}
            yield from self.way.save(save, who if body["author"] else SYSTEM, held, created=True)
        elif body["kind"] == "comment":
            names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
            step = {"activity": names.get(who.type, "Message"), "event_type": "message"}
            if body["public"] is False:
                step = {"activity": "Internal note", "event_type": "note"}
            yield from self.way.save(save, who, {}, steps=[step | {"text": body.get("text")}])
        elif body["kind"] == "resolved":
            agent = self.known.get("assignee")
            who = By("agent", agent) if agent else By("unknown")
            yield from self.way.save(save, who, {}, steps=[
                {"activity": "Resolved", "event_type": "resolved", "outcome": body["outcome"]}])

    def _role(self, name: str) -> str | None:
        if is_team_field(self.account.fields.get(name, name), self.account.mapped) or \
                name == self.account.mapped.get("team"):
            return "team"
        return {"assignee": "agent", "status": "state"}.get(name.lower())

    def _first(self, role: str) -> str | None:
        """The value before the first change; without any change the present one, if there is a history."""
        for save in self.saves:
            for item in save.body.get("items", ()):
                if self._role(item["field"]) == role:
                    before: str | None = item["to"] if self._is_initial(save) else item.get("from")
                    return before
        if self.known.get("no_history"):
            return None
        now: str | None = self.known.get({"agent": "assignee", "state": "status"}.get(role, role))
        return now

    def _is_initial(self, save: Staged) -> bool:
        """Copied histories begin with the values an issue was created with, at that time."""
        return save.at == self.created and all("from" not in i for i in save.body.get("items", ({"from": None},)))

    def _whole(self) -> bool:
        """Whether no change is known to be missing."""
        return (self.known.get("total") or 0) <= sum(save.body["kind"] == "save" for save in self.saves)

    def _customer(self) -> str | None:
        return email_key(self.account.emails.get(self.reporter or "")) or (f"jira:{self.reporter}" if self.reporter
                                                                          else None)

    def _mapped(self, key: str) -> str | None:
        name = self.account.mapped.get(key)
        value: str | None = self.known["fields"].get(name) if name else None
        return value


def _once(steps: list[Event]) -> list[Event]:
    """Several values of one field that change together are one step."""
    return [dict(step) for step in dict.fromkeys(tuple(step.items()) for step in steps)]
