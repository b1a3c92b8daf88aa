"""HubSpot tickets in the tables that Fivetran copies: tickets, the history of their properties, and names."""

from __future__ import annotations

from miner.events.values import text_of
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Body, Malformed, yes
from miner.readers.shared.staging import Staging
from miner.readers.tabular.rows import Row, need
from miner.readers.tickets.hubspot_account import Account

LABELS = {"timestamp": "timestamp_instant", "date_timestamp": "timestamp_instant"}
KINDS = {
    "history": ("ticket_id", "name", "source", "source_id", "timestamp_instant", "value"),
    "tickets": ("id", "property_hs_pipeline_stage", "property_createdate"),
    "stages": ("stage_id", "label", "pipeline_id", "ticket_state"),
    "owners": ("owner_id", "first_name", "last_name", "email", "portal_id"),
    "teams_of_owners": ("owner_id", "team_id", "is_team_primary"),
    "contacts": ("contact_id", "ticket_id"),
}
PROPERTIES = frozenset(
    ("hs_pipeline_stage", "hubspot_owner_id", "hubspot_team_id", "hs_pipeline", "hs_ticket_priority")
)


class Table:
    """Takes the rows of one table."""

    def __init__(self, kind: str, account: Account, staging: Staging, clock: Clock):
        self.account, self.staging, self.clock = account, staging, clock
        self.take = getattr(self, f"_{kind}")

    def _history(self, line: int, row: Row) -> None:
        ticket, name = need(row, "ticket_id"), need(row, "name").strip()
        if name not in PROPERTIES:
            self.account.sink.note("left out", "properties that say nothing about the work on a ticket", example=name)
            return
        user = (row.get("source_id") or "").strip()
        by = user.removeprefix("userId:") if user.startswith("userId:") else user if "@" in user else None
        body: Body = {
            "property": name,
            "value": text_of(row.get("value")),
            "by": by,
            "source": text_of(row.get("source")),
        }
        at = self.clock.need(row, "timestamp_instant")
        self.staging.add(line, ticket, body, at=at, id=f"{ticket} {name} {at} {body['value']}")

    def _tickets(self, line: int, row: Row) -> None:
        if yes(row.get("is_deleted")):
            raise Malformed("is_deleted", "the ticket is deleted")
        ticket = need(row, "id")
        created = self.clock.of(row, "property_createdate")
        known = self.account.tickets.setdefault(ticket, {})
        known.update({name.removeprefix("property_"): value for name, value in row.items() if value is not None})
        if created is not None:
            self.staging.add(line, ticket, {"property": None}, at=created, id=f"created {ticket}", rank=-1)

    def _stages(self, line: int, row: Row) -> None:
        self.account.remember_stage(
            {
                "id": need(row, "stage_id"),
                "label": row.get("label"),
                "metadata": {"isClosed": row.get("is_closed"), "ticketState": row.get("ticket_state")},
            }
        )

    def _owners(self, line: int, row: Row) -> None:
        self.account.remember_owner(
            {
                "id": need(row, "owner_id"),
                "firstName": row.get("first_name"),
                "email": row.get("email"),
                "lastName": row.get("last_name"),
                "userId": row.get("user_id") or row.get("active_user_id"),
            }
        )

    def _teams_of_owners(self, line: int, row: Row) -> None:
        owner, team = need(row, "owner_id"), need(row, "team_id")
        if yes(row.get("is_team_primary")):
            self.account.primary[owner] = team
        self.account.primary.setdefault(owner, team)

    def _contacts(self, line: int, row: Row) -> None:
        self.account.tickets.setdefault(need(row, "ticket_id"), {}).setdefault("contact", need(row, "contact_id"))
