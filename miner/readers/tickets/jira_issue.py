"""What the saves of one Jira issue say, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, text_of
from miner.readers.shared.fields import Body, Json
from miner.readers.shared.helpdesk import SYSTEM, Author
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.save_grouping import ONE_SAVE, group_saves
from miner.readers.shared.staging import Staged
from miner.readers.shared.states import ENDED
from miner.readers.shared.ticket import Ticket
from miner.readers.tickets.jira_account import Account

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


class JiraIssue(Ticket[Account]):
    """One issue with its history."""

    def __init__(self, id: str, saves: list[Staged], account: Account):
        super().__init__(id, saves, account)
        self.known = account.issue(id)
        self.created = next((save.at for save in saves if save.body["kind"] == "created"), None)
        self.has_history = self.known.get("has_history") or any(save.body["kind"] == "save" for save in saves)
        self.initial = set(self._initial())
        self.reporter = self.known.get("reporter") or self.known.get("creator")
        is_customer = account.author(self.reporter, self.reporter).type == "customer"
        self.life = Lifecycle(
            account,
            f"jira:{account.keys.get(id, id)}",
            customer=customer_key(self.mapped("customer")) or (self._customer() if is_customer else None),
            intent=self.mapped("intent"),
        )
        self.rows = 0

    def steps(self) -> Iterator[Event]:
        """The events of the issue in order; a comment that comes with a change is a part of the same save."""
        self.life.starts({"team": self._first("team"), "agent": self._first("agent"), "state": self._first("state")})
        changes = [save for save in self.records if not self._is_initial(save)]
        self.rows = len(self.records) - len(changes)
        for save in group_saves(changes, _author, _sets):
            if save[0].body["kind"] == "created":
                yield from self._created(save[0])
            elif save[0].body["kind"] == "resolved":
                yield from () if self._tells_resolution(save[0].at) else self._resolved(save[0])
            else:
                yield from self._save(save)

    def known_fields(self) -> Json:
        """The present values of the fields."""
        fields: Json = self.account.issue(self.id)["fields"]
        return fields

    def last_state(self) -> tuple[str | None, str | None]:
        """The present status and resolution."""
        return self.known.get("status"), text_of(self.fields.get("resolution"))

    def declared(self) -> Json:
        """How many changes there were."""
        return {"changelog.total": self.known.get("total")}

    def identity(self) -> Json:
        """The reporter, where that is a customer."""
        if not self.life.customer:
            return {}
        person = self.reporter or ""
        email, name = self.account.emails.get(person), self.account.people.get(person)
        return {"id": self.reporter, "email": email, "name": name}

    def references(self) -> Iterator[tuple[str, str, bool]]:
        """Linked issues and the parent."""
        for other, basis in dict.fromkeys(self.known["links"]):
            yield f"jira:{self.account.keys.get(other, other)}", basis, False

    def check(self, sink: Sink) -> None:
        """Search gives the latest changes only, and a list none."""
        total = self.known.get("total")
        if total is not None and total > self.rows:
            sink.note(
                "truncated",
                "an issue has more changes than the export contains; the oldest are missing",
                example=f"{self.life.key}: {self.rows} of {total}",
            )
        if not self.has_history:
            sink.note(
                "history",
                "issues without a changelog: only their creation, comments, resolution and current "
                "status are known; export them with expand=changelog",
                example=self.life.key,
            )

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
        author = self._author_of(save[0])
        steps = [*_once(steps), *(self._comment(part, author) for part in save if part.body["kind"] == "comment")]
        yield from self.life.save(save[0], author, change, before=before, steps=steps, reason=resolution)

    def _author_of(self, save: Staged) -> Author:
        author = save.body["author"]
        if author is None and save.body["kind"] == "save" and self.life.agent:
            self.account.sink.note("assumed", "changes without an author were attributed to the assignee")
            return Author("agent", self.life.agent)
        return self.account.author(author, self.reporter)

    def _step(self, item: Body) -> list[Event]:
        field: str = item["field"]
        name = self.account.fields.get(field, field)
        if name.lower() in _DERIVED:
            self.account.sink.note("left out", "fields that follow from other changes are not steps", example=name)
            return []
        if name.lower() in ("link", "issuelinks", "epic link", "parent"):
            return [{"activity": "Linked issue", "event_type": "field_changed"}]
        event_type = "sla" if "time to " in name.lower() else "field_changed"
        return [{"activity": f"Changed {name}", "event_type": event_type}]

    def _created(self, save: Staged) -> Iterator[Event]:
        first = {"team": self.life.team, "agent": self.life.agent, "state": self.life.state}
        held: dict[str, str | None] = {k: v for k, v in first.items() if v is not None and self._is_complete()}
        author = self.account.author(save.body["author"], self.reporter) if save.body["author"] else SYSTEM
        yield from self.life.save(save, author, held, created=True)

    def _comment(self, save: Staged, author: Author) -> Event:
        names = {"customer": "Customer message", "agent": "Reply", "rule": "Automatic message"}
        step: Event = {"activity": names.get(author.type, "Message"), "event_type": "message"}
        if save.body["public"] is False:
            step = {"activity": "Internal note", "event_type": "note"}
        step["text"] = save.body.get("text")
        return step

    def _tells_resolution(self, at: int) -> bool:
        """Whether the history itself says that the issue was resolved then."""
        return self._is_complete() or any(
            item["field"].lower() == "resolution" or self._ends(item)
            for save in self.records
            if abs(save.at - at) <= ONE_SAVE
            for item in save.body.get("items", ())
        )

    def _ends(self, item: Body) -> bool:
        return self._role(item["field"]) == "state" and self.account.state(item["to"]).kind in ENDED

    def _resolved(self, save: Staged) -> Iterator[Event]:
        """What an issue without a history says of its resolution."""
        agent = self.known.get("assignee")
        self.account.sink.note(
            "assumed", "issues without a history: the current assignee is assumed to have resolved them"
        )
        yield from self.life.moment(
            save,
            Author("agent", agent) if agent else Author("unknown"),
            "resolved",
            text_of(self.fields.get("resolution")),
        )

    def _role(self, name: str) -> str | None:
        if self.account.is_team_field(name):
            return "team"
        return {"assignee": "agent", "status": "state"}.get(name.lower())

    def _first(self, role: str) -> str | None:
        """The value before the first change; without any change the present one, if there is a history."""
        for save in self.records:
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
        for save in self.records:
            items = save.body.get("items", ({"from": None},))
            if (
                self.created is not None
                and abs(save.at - self.created) <= ONE_SAVE
                and all("from" not in i and seen.setdefault(i["field"], save.at) == save.at for i in items)
            ):
                yield id(save)

    def _is_complete(self) -> bool:
        """Whether no change is known to be missing."""
        seen = sum(save.body["kind"] == "save" for save in self.records)
        return self.has_history and (self.known.get("total") or 0) <= seen

    def _customer(self) -> str | None:
        return email_key(self.account.emails.get(self.reporter or "")) or (
            f"jira:{self.reporter}" if self.reporter else None
        )


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
