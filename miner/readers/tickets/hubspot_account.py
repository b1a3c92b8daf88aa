"""What is known of a HubSpot portal before its first ticket is read: stages, owners, teams, tickets."""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.events.values import id_of, text_of
from miner.readers.shared.fields import Body, Json, yes
from miner.readers.shared.helpdesk import SYSTEM, Author, HelpDesk
from miner.readers.shared.states import state_kind

_RULES = frozenset(("AUTOMATION_PLATFORM", "AUTOMATION_JOURNEY", "WORKFLOWS", "WORKFLOW", "BOT", "AI_GROUP"))
_SOFTWARE = frozenset(
    (
        "API",
        "INTEGRATION",
        "INTEGRATIONS_SYNC",
        "INTEGRATIONS_PLATFORM",
        "IMPORT",
        "MIGRATION",
        "CALCULATED",
        "BATCH_UPDATE",
        "BACKFILL",
        "SALESFORCE",
    )
)
_CUSTOMERS = frozenset(("FORM", "FORMS", "CHATBOT", "CUSTOMER_PORTAL", "FEEDBACK"))
# The stages of the pipeline that every portal begins with.
_FIRST_STAGES = {"1": "New", "2": "Waiting on contact", "3": "Waiting on us", "4": "Closed"}


@dataclass
class Account(HelpDesk):
    """Names of stages, owners and teams, and what tickets say of themselves."""

    tickets: dict[str, Body] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)  # user id or address → owner id
    primary: dict[str, str] = field(default_factory=dict)  # owner → team

    def remember_stage(self, stage: Json) -> None:
        """Remember a stage: its name, and whether tickets in it are closed."""
        number, name = id_of(stage.get("id")) or id_of(stage.get("stageId")), text_of(stage.get("label"))
        metadata = stage.get("metadata")
        if number and name:
            self.states[number] = name
            if isinstance(metadata, dict) and ("isClosed" in metadata or "ticketState" in metadata):
                closed = yes(metadata.get("isClosed")) or text_of(metadata.get("ticketState")) == "CLOSED"
                self.kinds[number] = (state_kind(name) or "closed") if closed else None

    def remember_owner(self, owner: Json) -> None:
        """Remember an owner: name, the user behind it, the first team."""
        number = id_of(owner.get("id"))
        if number is None:
            return
        name = " ".join(filter(None, (text_of(owner.get("firstName")), text_of(owner.get("lastName")))))
        self.people[number] = name or text_of(owner.get("email")) or number
        for user in (id_of(owner.get("userId")), text_of(owner.get("email"))):
            if user:
                self.users[user] = number
        teams = owner.get("teams")
        known = [team for team in teams if isinstance(team, dict)] if isinstance(teams, list) else []
        for team in sorted(known, key=lambda t: t.get("primary") is not True):
            if id_of(team.get("id")):
                self.teams[id_of(team["id"]) or ""] = text_of(team.get("name")) or id_of(team["id"]) or ""
                self.primary.setdefault(number, id_of(team["id"]) or "")

    def complete(self) -> None:
        """Call once, after the last file: stages without a pipeline are those of the first one."""
        if not self.states:
            self.states.update(_FIRST_STAGES)
            self.sink.note(
                "assumed",
                "without pipelines the stages 1 to 4 are New, Waiting on contact, Waiting "
                "on us, Closed; export /crm/v3/pipelines/tickets",
            )

    def author(self, version: Body) -> Author:
        """Who acts, by the source of a version."""
        source, user = (version.get("source") or "").upper(), version.get("by")
        if source in _RULES:
            return Author("rule", None, source.lower())
        if source in _SOFTWARE:
            return Author("system", None, source.lower())
        if user is None:
            return Author("customer") if source in _CUSTOMERS else SYSTEM
        owner = self.users.get(user, f"user {user}" if "@" not in user else user)
        return Author("agent", owner)
