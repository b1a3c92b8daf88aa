"""What is known of a HubSpot portal, and what the versions of one ticket's properties say, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, text_of
from miner.readers.shared.fields import Json
from miner.readers.shared.saves import ONE_SAVE
from miner.readers.shared.staging import Staged
from miner.readers.tickets.lifecycle import SYSTEM, By, Desk, Lifecycle, as_json
from miner.readers.tickets.states import state_kind
from miner.readers.tickets.tables import yes

_ROLES = {"hubspot_owner_id": "agent", "hubspot_team_id": "team", "hs_pipeline_stage": "state"}
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
_CHANNELS = {
    "email": "email",
    "chat": "chat",
    "form": "web_form",
    "phone": "voice",
    "whatsapp": "messaging",
    "facebook": "social",
    "customer_portal": "web_form",
}
# The stages of the pipeline that every portal begins with.
_FIRST_STAGES = {"1": "New", "2": "Waiting on contact", "3": "Waiting on us", "4": "Closed"}


@dataclass
class Portal:
    """What is known of all tickets before the first is read."""

    desk: Desk
    mapped: dict[str, str]
    tickets: dict[str, Json] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)  # user id or address → owner id
    primary: dict[str, str] = field(default_factory=dict)  # owner → team

    def stage(self, stage: Json) -> None:
        """Remember a stage: its name, and whether tickets in it are closed."""
        number, name = id_of(stage.get("id")) or id_of(stage.get("stageId")), text_of(stage.get("label"))
        told = stage.get("metadata")
        if number and name:
            self.desk.states[number] = name
            if isinstance(told, dict) and ("isClosed" in told or "ticketState" in told):
                closed = yes(told.get("isClosed")) or text_of(told.get("ticketState")) == "CLOSED"
                self.desk.kinds[number] = (state_kind(name) or "closed") if closed else None

    def owner(self, owner: Json) -> None:
        """Remember an owner: name, the user behind it, the first team."""
        number = id_of(owner.get("id"))
        if number is None:
            return
        name = " ".join(filter(None, (text_of(owner.get("firstName")), text_of(owner.get("lastName")))))
        self.desk.people[number] = name or text_of(owner.get("email")) or number
        for user in (id_of(owner.get("userId")), text_of(owner.get("email"))):
            if user:
                self.users[user] = number
        teams = owner.get("teams")
        known = [team for team in teams if isinstance(team, dict)] if isinstance(teams, list) else []
        for team in sorted(known, key=lambda t: t.get("primary") is not True):
            if id_of(team.get("id")):
                self.desk.teams[id_of(team["id"]) or ""] = text_of(team.get("name")) or id_of(team["id"]) or ""
                self.primary.setdefault(number, id_of(team["id"]) or "")

    def know(self) -> None:
        """Call once, after the last file: stages without a pipeline are those of the first one."""
        if not self.desk.states:
            self.desk.states.update(_FIRST_STAGES)
            self.desk.sink.note(
                "assumed",
                "without pipelines the stages 1 to 4 are New, Waiting on contact, Waiting "
                "on us, Closed; export /crm/v3/pipelines/tickets",
            )

    def by(self, version: Json) -> By:
        """Who acts, by the source of a version."""
        source, user = (version.get("source") or "").upper(), version.get("by")
        if source in _RULES:
            return By("rule", None, source.lower())
        if source in _SOFTWARE:
            return By("system", None, source.lower())
        if user is None:
            return By("customer") if source in _CUSTOMERS else SYSTEM
        owner = self.users.get(user, f"user {user}" if "@" not in user else user)
        return By("agent", owner)


class Ticket:
    """One ticket with the versions of its properties."""

    def __init__(self, ticket: str, versions: list[Staged], portal: Portal):
        self.portal, self.versions, self.known = portal, versions, portal.tickets.get(ticket, {})
        self.key = f"hubspot:{ticket}"
        contact = self.known.get("contact") or self.known.get("created_by")
        self.life = Lifecycle(
            portal.desk,
            self.key,
            channel=self._channel(),
            intent=self.said("intent"),
            customer=customer_key(self.said("customer")) or (f"hubspot:{contact}" if contact else None),
        )
        self.contact = contact
        self.has_team = any(v.body["property"] == "hubspot_team_id" for v in versions)

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order; what changes within a second is one save."""
        first = True
        for save in self._saves():
            told = [v for v in save if v.body["property"] in _ROLES]
            change = {_ROLES[v.body["property"]]: v.body["value"] for v in told}
            if "agent" in change and not self.has_team:
                team = self.portal.primary.get(change["agent"] or "")
                change |= {"team": team} if team else {}
            created = first and any(v.body["property"] is None for v in save)
            acting = (self.portal.by(v.body) for v in save if v.body["property"])
            who = next((by for by in acting if by.type != "system"), SYSTEM)
            if created and who.type == "system" and self.life.channel in ("email", "chat", "web_form"):
                who = By("customer", None, None)
            others = [] if created else [v.body["property"] for v in save if v.body["property"] not in (None, *_ROLES)]
            steps: list[Event] = [{"activity": f"Changed {name}", "event_type": "field_changed"} for name in others]
            yield from self.life.save(save[0], who, change, created=created, steps=steps)
            first = False

    def finish(self, sink: Sink) -> None:
        """The interaction itself, and whether its history is whole."""
        known = self.known
        email = email_key((known.get("hs_all_associated_contact_emails") or "").split(";")[0])
        sink.interaction(
            interaction_id=self.key,
            source_system="hubspot",
            channel=self.life.channel,
            customer=self.life.customer,
            intent=self.said("intent"),
            declared=None,
            identity=as_json({"id": self.contact, "email": email}),
        )
        seen = {v.body["value"] for v in self.versions if v.body["property"] == "hs_pipeline_stage"}
        entered = {
            name.rpartition("_")[2]
            for name, value in known.items()
            if value and name.startswith(("hs_v2_date_entered_", "hs_date_entered_"))
        }
        if seen and entered - seen:
            sink.note("truncated", "a ticket entered stages that are missing from its history", example=self.key)

    def outcome_and_value(self) -> tuple[str | None, str | None]:
        """What mapped properties say of the ticket as a whole, else its present stage."""
        last = self.life.last_known(self.known.get("hs_pipeline_stage"))
        return self.said("outcome") or last, self.said("value")

    def _saves(self) -> Iterator[list[Staged]]:
        """Versions that lie within a second of the first of them: an owner brings the team along a moment later."""
        save: list[Staged] = []
        for version in self.versions:
            again = any(v.body["property"] == version.body["property"] and v.at != version.at for v in save)
            if save and (again or version.at - save[0].at > ONE_SAVE):
                yield save
                save = []
            save.append(version)
        if save:
            yield save

    def _channel(self) -> str | None:
        source = self.known.get("source_type")
        if source is None:
            return None
        found = _CHANNELS.get(source.lower())
        if found is None:
            self.portal.desk.sink.note(
                "unknown values", "sources that are not a channel were read as unknown", example=source
            )
        return found or "unknown"

    def said(self, key: str) -> str | None:
        """What the field that is mapped to a key says."""
        value: str | None = self.known.get(self.portal.mapped.get(key, ""))
        return value
