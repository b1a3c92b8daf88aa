"""What is known of a Jira site before its first issue is read: people, teams, states, fields, issues."""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.readers.shared.fields import Body
from miner.readers.shared.helpdesk import Author, HelpDesk
from miner.readers.shared.states import state_kind

_TEAMS = frozenset(
    (
        "team",
        "assigned team",
        "support team",
        "assignment group",
        "assigned group",
        "service team",
        "responsible team",
        "owning team",
    )
)


@dataclass
class Account(HelpDesk):
    """Names of people, teams, states and fields, who is an agent, and what issues say of themselves."""

    issues: dict[str, Body] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    sorts: dict[str, str] = field(default_factory=dict)  # person → atlassian, app, customer
    agents: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)  # id of a field → its name
    keys: dict[str, str] = field(default_factory=dict)  # id of an issue → its key

    def issue(self, issue: str) -> Body:
        """What is known of an issue."""
        return self.issues.setdefault(issue, {"fields": {}, "links": []})

    def remember_person(self, person: str, name: str | None, email: str | None, sort: str | None) -> None:
        """Remember a person."""
        for known, value in ((self.people, name), (self.emails, email), (self.sorts, sort)):
            if value:
                known[person] = value

    def remember_state(self, state: str, name: str, done: bool) -> None:
        """Remember a state: those of the category Done are resolved unless their name says closed."""
        self.states[state] = name
        self.kinds[state] = (state_kind(name) or "resolved") if done else None

    def learn(self, body: Body) -> None:
        """Who is assigned, and who assigns, is an agent."""
        for item in body["items"]:
            if item["field"] == "assignee":
                self.agents.update(person for person in (item.get("from"), item["to"]) if person)

    def complete(self) -> None:
        """Call once, after the last file."""
        self.agents.update(i["assignee"] for i in self.issues.values() if i.get("assignee"))
        self.keys = {issue: known["key"] for issue, known in self.issues.items() if known.get("key")}

    def author(self, author: str | None, reporter: str | None) -> Author:
        """Who acts: the kind of account says it, else a reporter who is never assigned anything is a customer."""
        if author is None:
            return Author("unknown")
        sort = self.sorts.get(author)
        if sort in ("app", "customer"):
            return Author("rule" if sort == "app" else "customer", author)
        return Author("customer" if author == reporter and author not in self.agents else "agent", author)

    def is_team_field(self, name: str) -> bool:
        """Whether a field, by its id or name, says which team has an issue: the one mapped, else a usual name."""
        wanted, shown = self.mapping.get("team"), self.fields.get(name, name)
        return wanted in (name, shown) if wanted else shown.strip().lower() in _TEAMS
