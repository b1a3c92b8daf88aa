"""What the versions of one HubSpot ticket's properties say, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, text_of
from miner.readers.shared.fields import Json
from miner.readers.shared.helpdesk import SYSTEM, Author
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.save_grouping import ONE_SAVE
from miner.readers.shared.staging import Staged
from miner.readers.shared.ticket import Ticket
from miner.readers.tickets.hubspot_account import Account

_ROLES = {"hubspot_owner_id": "agent", "hubspot_team_id": "team", "hs_pipeline_stage": "state"}
_CHANNELS = {
    "email": "email",
    "chat": "chat",
    "form": "web_form",
    "phone": "voice",
    "whatsapp": "messaging",
    "facebook": "social",
    "customer_portal": "web_form",
}


class HubspotTicket(Ticket[Account]):
    """One ticket with the versions of its properties."""

    def __init__(self, id: str, versions: list[Staged], account: Account):
        super().__init__(id, versions, account)
        self.contact = text_of(self.fields.get("contact")) or text_of(self.fields.get("created_by"))
        self.life = Lifecycle(
            account,
            f"hubspot:{id}",
            channel=account.channel(text_of(self.fields.get("source_type")), _CHANNELS, "sources"),
            customer=customer_key(self.mapped("customer")) or (f"hubspot:{self.contact}" if self.contact else None),
            intent=self.mapped("intent"),
        )
        self.has_team = any(v.body["property"] == "hubspot_team_id" for v in versions)

    def steps(self) -> Iterator[Event]:
        """The events of the ticket in order; what changes within a second is one save."""
        first = True
        for save in self._saves():
            held = [v for v in save if v.body["property"] in _ROLES]
            change = {_ROLES[v.body["property"]]: v.body["value"] for v in held}
            if "agent" in change and not self.has_team:
                team = self.account.primary.get(change["agent"] or "")
                change |= {"team": team} if team else {}
            created = first and any(v.body["property"] is None for v in save)
            acting = (self.account.author(v.body) for v in save if v.body["property"])
            who = next((by for by in acting if by.type != "system"), SYSTEM)
            if created and who.type == "system" and self.life.channel in ("email", "chat", "web_form"):
                who = Author("customer", None, None)
            others = [] if created else [v.body["property"] for v in save if v.body["property"] not in (None, *_ROLES)]
            steps: list[Event] = [{"activity": f"Changed {name}", "event_type": "field_changed"} for name in others]
            yield from self.life.save(save[0], who, change, created=created, steps=steps)
            first = False

    def known_fields(self) -> Json:
        """The present properties."""
        return self.account.tickets.get(self.id, {})

    def last_state(self) -> tuple[str | None, str | None]:
        """The present stage."""
        return text_of(self.fields.get("hs_pipeline_stage")), None

    def identity(self) -> Json:
        """The contact."""
        emails = text_of(self.fields.get("hs_all_associated_contact_emails")) or ""
        return {"id": self.contact, "email": email_key(emails.split(";")[0])}

    def check(self, sink: Sink) -> None:
        """A stage that was entered must be in the history."""
        seen = {v.body["value"] for v in self.records if v.body["property"] == "hs_pipeline_stage"}
        entered = {
            name.rpartition("_")[2]
            for name, value in self.fields.items()
            if value and name.startswith(("hs_v2_date_entered_", "hs_date_entered_"))
        }
        if seen and entered - seen:
            sink.note("truncated", "a ticket entered stages that are missing from its history", example=self.life.key)

    def _saves(self) -> Iterator[list[Staged]]:
        """Versions that lie within a second of the first of them: an owner brings the team along a moment later."""
        save: list[Staged] = []
        for version in self.records:
            again = any(v.body["property"] == version.body["property"] and v.at != version.at for v in save)
            if save and (again or version.at - save[0].at > ONE_SAVE):
                yield save
                save = []
            save.append(version)
        if save:
            yield save
