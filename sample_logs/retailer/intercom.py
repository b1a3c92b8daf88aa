"""Chats, written as Intercom conversations with their parts; the workspace's teams are side-loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .clock import END
from .dice import Dice
from .people import BOT, TEAMS, Agent, Customer, Staff

CLAIMS = ("assumed_resolution", "confirmed_resolution")


@dataclass
class Part:
    """One step of a chat; `agent` None with `bot` False is the customer."""

    at: int
    kind: str
    agent: Agent | None = None
    bot: bool = False
    to_team: str | None = None
    to_agent: Agent | None = None
    team: str = ""  # the team the chat is with when the author acts


@dataclass
class Chat:
    """A conversation and its parts in order. Every method adds one part."""

    id: int
    customer: Customer
    at: int
    intent: str | None
    text: str
    user_agent: str | None = None
    parts: list[Part] = field(default_factory=list)
    team: str = ""
    resolution: str | None = None
    rating: tuple[int, int] | None = None  # when, and 1 to 5

    @property
    def last(self) -> int:
        """When the latest part was."""
        return self.parts[-1].at if self.parts else self.at

    def _add(self, part: Part) -> int:
        part.at, part.team = max(part.at, self.last + 1), self.team
        self.parts.append(part)
        return part.at

    @property
    def team_named(self) -> bool:
        """Whether it was ever handed to a team."""
        return any(part.to_team for part in self.parts)

    def customer_says(self, at: int) -> int:
        """The customer writes."""
        return self._add(Part(at, "comment"))

    def customer_reopens(self, at: int) -> int:
        """The customer comes back to a closed chat."""
        return self._add(Part(at, "open"))

    def bot_says(self, at: int) -> int:
        """The bot answers."""
        return self._add(Part(at, "comment", bot=True))

    def bot_routes(self, at: int, team: str) -> int:
        """The bot gives up and names a team."""
        at = self._add(Part(at, "assignment", bot=True, to_team=team))
        self.team, self.resolution = team, "routed_to_team"
        return at

    def bot_closes(self, at: int, resolution: str) -> int:
        """The bot closes and says how it ended."""
        self.resolution = resolution
        return self._add(Part(at, "close", bot=True))

    def take(self, at: int, agent: Agent) -> int:
        """An agent takes the chat."""
        return self._add(Part(at, "assignment", agent, to_agent=agent))

    def says(self, at: int, agent: Agent) -> int:
        """An agent writes to the customer."""
        return self._add(Part(at, "comment", agent))

    def note(self, at: int, agent: Agent) -> int:
        """An agent leaves a note for colleagues."""
        return self._add(Part(at, "note", agent))

    def move(self, at: int, agent: Agent, team: str) -> int:
        """An agent hands the chat to another team."""
        at = self._add(Part(at, "assignment", agent, to_team=team))
        self.team = team
        return at

    def close(self, at: int, agent: Agent) -> int:
        """An agent closes the chat."""
        return self._add(Part(at, "close", agent))


@dataclass
class Intercom:
    """All chats of the retailer."""

    staff: Staff
    chats: list[Chat] = field(default_factory=list)

    def open(self, customer: Customer, at: int, intent: str | None, text: str, user_agent: str | None = None) -> Chat:
        """The customer begins a chat; the bot is first to see it."""
        chat = Chat(61_000 + len(self.chats), customer, at, intent, text, user_agent)
        self.chats.append(chat)
        return chat

    def cut(self) -> None:
        """Forget what comes after the export."""
        for chat in self.chats:
            chat.parts = [part for part in chat.parts if part.at < END]
            last = chat.parts[-1].kind if chat.parts else ""
            if chat.resolution == "routed_to_team" and not chat.team_named:
                chat.resolution = None
            if chat.resolution in CLAIMS and last != "close":
                chat.resolution = None
            if chat.rating and chat.rating[0] >= END:
                chat.rating = None
        self.chats = [chat for chat in self.chats if chat.at < END]

    def write(self) -> str:
        """The export: newest first, as the list of conversations comes."""
        dice, number, rows = Dice("intercom ids"), 1_000_000, []
        for chat in sorted(self.chats, key=lambda c: (c.at, c.id)):
            number += 1 + len(chat.parts) + dice.whole(0, 3)
            rows.append((chat.last, chat.id, _conversation(chat, number)))
        lines = [json.dumps(row[2], separators=(",", ":")) for row in sorted(rows, key=lambda r: r[:2], reverse=True)]
        teams = [
            {
                "type": "team",
                "id": str(team.team_id),
                "name": team.name,
                "admin_ids": [int(agent.admin_id) for agent in self.staff.agents[team.name]],
            }
            for team in TEAMS.values()
            if team.team_id
        ]
        side = ",\n".join(json.dumps(team, separators=(",", ":")) for team in teams)
        head = f'{{"type":"conversation.list","total_count":{len(lines)},"teams":[\n{side}],\n"conversations":[\n'
        return head + ",\n".join(lines) + "]}\n"


def _author(chat: Chat, part: Part) -> dict[str, Any]:
    if part.bot:
        return {"type": "bot", "id": "5017600", "name": BOT, "from_ai_agent": True}
    if part.agent:
        return {"type": "admin", "id": part.agent.admin_id, "name": part.agent.name}
    return {"type": "user", "id": chat.customer.contact_id}


def _part(chat: Chat, part: Part, number: int) -> dict[str, Any]:
    target: dict[str, str] | None = None
    if part.to_team:
        target = {"type": "team", "id": str(TEAMS[part.to_team].team_id)}
    elif part.to_agent:
        target = {"type": "admin", "id": part.to_agent.admin_id}
    head = {"id": str(number), "part_type": part.kind, "created_at": part.at}
    return {**head, "author": _author(chat, part), "assigned_to": target}


def _contact(customer: Customer) -> dict[str, Any]:
    known = {"type": "contact", "id": customer.contact_id, "external_id": customer.key}
    return {**known, "email": customer.email, "name": customer.name}


def _conversation(chat: Chat, number: int) -> dict[str, Any]:
    parts = chat.parts
    taken = [part.to_agent for part in parts if part.to_agent]
    teams = [part.to_team for part in parts if part.to_team]
    open_now = not parts or parts[-1].kind != "close"
    custom = {"intent": chat.intent, "user_agent": chat.user_agent}
    bot = any(part.bot for part in parts)
    rating = {"rating": chat.rating[1], "created_at": chat.rating[0]} if chat.rating else None
    return {
        "type": "conversation",
        "id": str(chat.id),
        "created_at": chat.at,
        "updated_at": chat.last,
        "open": open_now,
        "state": "open" if open_now else "closed",
        "admin_assignee_id": int(taken[-1].admin_id) if taken else None,
        "team_assignee_id": TEAMS[teams[-1]].team_id if teams else None,
        "source": {
            "type": "conversation",
            "id": str(number - len(parts)),
            "delivered_as": "customer_initiated",
            "body": f"[text {chat.text}]",
            "author": {"type": "user", "id": chat.customer.contact_id},
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [_contact(chat.customer)],
        },
        "custom_attributes": {name: value for name, value in custom.items() if value is not None},
        "ai_agent_participated": bot,
        "ai_agent": {"source_type": "workflow", "resolution_state": chat.resolution} if bot else None,
        "conversation_rating": rating,
        "statistics": {
            "type": "conversation_statistics",
            "count_reopens": sum(part.kind == "open" for part in parts),
            "count_assignments": sum(part.kind == "assignment" for part in parts),
            "count_conversation_parts": len(parts),
        },
        "conversation_parts": {
            "type": "conversation_part.list",
            "total_count": len(parts),
            "conversation_parts": [_part(chat, part, number - len(parts) + 1 + i) for i, part in enumerate(parts)],
        },
    }
