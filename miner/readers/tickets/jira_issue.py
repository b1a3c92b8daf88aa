"""What is known of a Jira site, and what the saves of one issue say, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import ONE_SAVE, saves
from miner.readers.shared.staging import Staged
from miner.readers.tickets.lifecycle import SYSTEM, By, Desk, Lifecycle, as_json
from miner.readers.tickets.states import ENDED, state_kind

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
_DERIVED = frozenset(
    (
        "rank",
        "created",
        "updated",
        "lastviewed",
        "last viewed",
        "workratio",
        "work ratio",
        "statuscategorychangedate",
        "timespent",
        "timeestimate",
        "worklogid",
        "worklogtimespent",
        "remoteissuelink",
        "remoteworkitemlink",
        "creator",
        "status category changed",
        "statuscategory",
        "resolutiondate",
        "resolved",
        "thumbnail",
        "votes",
        "watches",
    )
)


def is_team_field(name: str, mapped: dict[str, str]) -> bool:
    """Whether a field says which team has an issue: the one mapped, else one of the usual names."""
    wanted = mapped.get("team")
    return name == wanted if wanted else name.strip().lower() in _TEAMS


@dataclass
class Account:
    """What is known of all issues before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    issues: dict[str, Json] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    sorts: dict[str, str] = field(default_factory=dict)  # person → atlassian, app, customer
    agents: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)  # id of a field → its name
    keys: dict[str, str] = field(default_factory=dict)  # id of an issue → its key

    def issue(self, issue: str) -> Json:
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

    def learn(self, body: Json) -> None:
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
    """One issue with its history."""

    def __init__(self, issue: str, saves: list[Staged], account: Account):
        self.account, self.saves = account, saves
        self.known = account.issue(issue)
        self.created = next((save.at for save in saves if save.body["kind"] == "created"), None)
        self.has_history = self.known.get("has_history") or any(save.body["kind"] == "save" for save in saves)
        self.initial = set(self._initial())
        self.key = f"jira:{account.keys.get(issue, issue)}"
        self.reporter = self.known.get("reporter") or self.known.get("creator")
        by = account.by(self.reporter, self.reporter)
        own = self.said("customer")
        self.customer = customer_key(own) or (self._customer() if by.type == "customer" else None)
        self.life = Lifecycle(account.desk, self.key, customer=self.customer, intent=self.said("intent"))
        self.rows = 0

    def steps(self) -> Iterator[Event]:
        """The events of the issue in order; a comment that comes with a change is a part of the same save."""
        self.life.starts({"team": self._first("team"), "agent": self._first("agent"), "state": self._first("state")})
        told = [save for save in self.saves if not self._is_initial(save)]
        self.rows = len(self.saves) - len(told)
        for save in saves(told, _author, _sets):
            if save[0].body["kind"] == "created":
                yield from self._created(save[0])
            elif save[0].body["kind"] == "resolved":
                yield from () if self._tells_resolution(save[0].at) else self._resolved(save[0])
            else:
                yield from self._save(save)

    def finish(self, sink: Sink) -> None:
        """The interaction itself, what it refers to, and whether its history is whole."""
        total = self.known.get("total")
        if total is not None and total > self.rows:
            sink.note(
                "truncated",
                "an issue has more changes than the export contains; the oldest are missing",
                example=f"{self.key}: {self.rows} of {total}",
            )
        if not self.has_history:
            sink.note(
                "history",
                "issues without a changelog: only their creation, comments, resolution and current "
                "status are known; export them with expand=changelog",
                example=self.key,
            )
        emails, people = self.account.emails, self.account.desk.people
        person = self.reporter or ""
        sink.interaction(
            interaction_id=self.key,
            source_system="jira",
            channel=None,
            customer=self.customer,
            intent=self.said("intent"),
            declared=as_json({"changelog.total": total}),
            identity=as_json({"id": self.reporter, "email": emails.get(person), "name": people.get(person)})
            if self.customer
            else None,
        )
        for other, basis in dict.fromkeys(self.known["links"]):
            sink.refer(self.key, f"jira:{self.account.keys.get(other, other)}", basis)

    def outcome_and_value(self) -> tuple[str | None, str | None]:
        """What mapped fields say of the issue as a whole, else its present status and resolution."""
        last = self.life.last_known(self.known.get("status"), self.known["fields"].get("resolution"))
        return self.said("outcome") or last, self.said("value")

    def _save(self, save: list[Staged]) -> Iterator[Event]:
        changes = [part for part in save if part.body["kind"] == "save"]
        self.rows += len(changes)
        change: dict[str, str | None] = {}
        before: dict[str, str | None] = {}
        steps: list[Event] = []
        resolution = None
        for item in (item for part in changes for item in part.body["items"]):
            role = self._role(item["field"])
            if role:
                change[role] = item["to"]
                if "from" in item:
                    before.setdefault(role, item["from"])
            elif item["field"].lower() == "resolution":
                resolution = item["to"]
            else:
                steps += self._step(item)
        who = self._by(save[0])
        steps = [*_once(steps), *(self._comment(part, who) for part in save if part.body["kind"] == "comment")]
        yield from self.life.save(save[0], who, change, before=before, steps=steps, reason=resolution)

    def _by(self, save: Staged) -> By:
        author = save.body["author"]
        if author is None and save.body["kind"] == "save" and self.life.agent:
            self.account.desk.sink.note("assumed", "changes without an author were attributed to the assignee")
            return By("agent", self.life.agent)
        return self.account.by(author, self.reporter)

    def _step(self, item: Json) -> list[Event]:
        field: str = item["field"]
        name = self.account.fields.get(field, field)
        if name.lower() in _DERIVED:
            self.account.desk.sink.note("left out", "fields that follow from other changes are not steps", example=name)
            return []
        if name.lower() in ("link", "issuelinks", "epic link", "parent"):
            return [{"activity": "Linked issue", "event_type": "field_changed"}]
        event_type = "sla" if "time to " in name.lower() else "field_changed"
        return [{"activity": f"Changed {name}", "event_type": event_type}]

    def _created(self, save: Staged) -> Iterator[Event]:
        first = {"team": self.life.team, "agent": self.life.agent, "state": self.life.state}
        held: dict[str, str | None] = {k: v for k, v in first.items() if v is not None and self._whole()}
        who = self.account.by(save.body["author"], self.reporter) if save.body["author"] else SYSTEM
        yield from self.life.save(save, who, held, created=True)

    def _comment(self, save: Staged, who: By) -> Event:
        names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
        step: Event = {"activity": names.get(who.type, "Message"), "event_type": "message"}
        if save.body["public"] is False:
            step = {"activity": "Internal note", "event_type": "note"}
        step["text"] = save.body.get("text")
        return step

    def _tells_resolution(self, at: int) -> bool:
        """Whether the history itself says that the issue was resolved then."""
        return self._whole() or any(
            item["field"].lower() == "resolution" or self._ends(item)
            for save in self.saves
            if abs(save.at - at) <= ONE_SAVE
            for item in save.body.get("items", ())
        )

    def _ends(self, item: Json) -> bool:
        return self._role(item["field"]) == "state" and self.account.desk.state(item["to"]).kind in ENDED

    def _resolved(self, save: Staged) -> Iterator[Event]:
        """What an issue without a history says of its resolution."""
        agent = self.known.get("assignee")
        self.account.desk.sink.note(
            "assumed", "issues without a history: the current assignee is assumed to have resolved them"
        )
        yield from self.life.turns(
            save, By("agent", agent) if agent else By("unknown"), "resolved", self.known["fields"].get("resolution")
        )

    def _role(self, name: str) -> str | None:
        if is_team_field(self.account.fields.get(name, name), self.account.mapped) or name == self.account.mapped.get(
            "team"
        ):
            return "team"
        return {"assignee": "agent", "status": "state"}.get(name.lower())

    def _first(self, role: str) -> str | None:
        """The value before the first change; without any change the present one, if there is a history."""
        for save in self.saves:
            for item in save.body.get("items", ()):
                if self._role(item["field"]) == role:
                    before: str | None = item["to"] if self._is_initial(save) else item.get("from")
                    return before
        if not self.has_history:
            return None
        now: str | None = self.known.get({"agent": "assignee", "state": "status"}.get(role, role))
        return now

    def _is_initial(self, save: Staged) -> bool:
        """Copied histories begin with the values an issue was created with, at that time."""
        return id(save) in self.initial

    def _initial(self) -> Iterator[int]:
        """The rows of a copied history that tell with which values the issue was created."""
        seen: dict[str, int] = {}
        for save in self.saves:
            items = save.body.get("items", ({"from": None},))
            if (
                self.created is not None
                and abs(save.at - self.created) <= ONE_SAVE
                and all("from" not in i and seen.setdefault(i["field"], save.at) == save.at for i in items)
            ):
                yield id(save)

    def _whole(self) -> bool:
        """Whether no change is known to be missing."""
        seen = sum(save.body["kind"] == "save" for save in self.saves)
        return self.has_history and (self.known.get("total") or 0) <= seen

    def _customer(self) -> str | None:
        return email_key(self.account.emails.get(self.reporter or "")) or (
            f"jira:{self.reporter}" if self.reporter else None
        )

    def said(self, key: str) -> str | None:
        """What the field that is mapped to a key says."""
        name = self.account.mapped.get(key)
        value: str | None = self.known["fields"].get(name) if name else None
        return value


def _author(save: Staged) -> tuple[str | None, str | None]:
    """Whose a row is: creation and resolution stand for themselves."""
    kind, author = save.body["kind"], save.body["author"]
    if kind not in ("save", "comment"):
        return author, kind
    return author, None if author else save.body.get("group")


def _sets(save: Staged) -> list[str]:
    return [item["field"] for item in save.body.get("items", ())]


def _once(steps: list[Event]) -> list[Event]:
    """Several values of one field that change together are one step."""
    return list({tuple(step.items()): step for step in steps}.values())
