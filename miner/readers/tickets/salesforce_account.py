"""What is known of a Salesforce organisation before its first case is read: queues, users, cases."""

from __future__ import annotations

from dataclasses import dataclass, field

from miner.readers.shared.fields import Body
from miner.readers.shared.helpdesk import HelpDesk
from miner.readers.tabular.rows import Row


@dataclass
class Account(HelpDesk):
    """Names of users and queues, roles of users, and what cases say of themselves."""

    cases: dict[str, Body] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)  # ids and names
    roles: dict[str, str] = field(default_factory=dict)  # user → team
    customers: set[str] = field(default_factory=set)  # users of the portal
    robots: set[str] = field(default_factory=set)

    def remember_group(self, group: str | None, row: Row) -> None:
        """Remember a queue by id and name."""
        self.groups.update(filter(None, (group, row.get("name"))))
        if group and row.get("name"):
            self.people[group] = row["name"] or ""

    def remember_user(self, user: str | None, row: Row) -> None:
        """Remember a user: name, team, and whether a customer of the portal or software."""
        if not user:
            return
        self.people[user] = row.get("name") or user
        team = row.get(self.mapping.get("team", "")) or row.get("userrole_name") or row.get("department")
        if team:
            self.roles[user] = team
        sort = (row.get("usertype") or "").lower()
        if "portal" in sort or "customer" in sort:
            self.customers.add(user)
        if sort in ("automatedprocess", "cloudintegrationuser"):
            self.robots.add(user)

    def remember_owner(self, owner: str | None, row: Row) -> None:
        """Remember what a row says of an owner: name and type."""
        if owner and row.get("owner_name"):
            self.people.setdefault(owner, row["owner_name"] or "")
        if owner and (row.get("owner_type") or "").lower() in ("queue", "group"):
            self.groups.update(filter(None, (owner, row.get("owner_name"))))

    def is_queue(self, owner: str | None) -> bool:
        """Whether an owner is a queue: by its id, or because it is known as one."""
        return owner is not None and (owner in self.groups or (owner.startswith("00G") and len(owner) == 15))
