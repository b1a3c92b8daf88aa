"""The sample exports read straight from their JSON, without any code of the miner or of the generator."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).resolve().parents[2] / "sample_logs"
BERLIN = ZoneInfo("Europe/Berlin")
INTENT_FIELD = "360021765432"
BOT = "Fin"
Step = tuple[datetime, str]  # when, and the owner who acted


def when(value: str | int) -> datetime:
    """A time of any of the exports."""
    if isinstance(value, int):
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromisoformat(value)


def weekday(moment: datetime) -> str:
    """The name of the day in Berlin."""
    return moment.astimezone(BERLIN).strftime("%A")


@cache
def truth() -> dict[str, Any]:
    """What the generator says is planted."""
    return json.loads((FOLDER / "retailer" / "truth.json").read_text(encoding="utf-8"))


@cache
def pages() -> list[dict[str, Any]]:
    """The pages of the Zendesk export, one JSON document after the other."""
    text, decoder, at, found = (FOLDER / "zendesk_audits.json").read_text(encoding="utf-8"), json.JSONDecoder(), 0, []
    while at < len(text.rstrip()):
        page, at = decoder.raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip())
        found.append(page)
    return found


@cache
def side_loaded(kind: str) -> dict[int, dict[str, Any]]:
    """Users, groups or tickets by id; of several copies the one in the page read first."""
    found: dict[int, dict[str, Any]] = {}
    for page in pages():
        for record in page[kind]:
            found.setdefault(record["id"], record)
    return found


@cache
def tickets() -> dict[int, list[dict[str, Any]]]:
    """The audits of each ticket once, in order of time."""
    unique = {audit["id"]: audit for page in pages() for audit in page["audits"]}
    found = defaultdict(list)
    for audit in sorted(unique.values(), key=lambda a: (a["created_at"], a["id"])):
        found[audit["ticket_id"]].append(audit)
    return dict(found)


def customer_of(ticket: int) -> str | None:
    """The customer key of a ticket's requester."""
    return side_loaded("users")[side_loaded("tickets")[ticket]["requester_id"]]["external_id"]


def intent_of(ticket: int) -> str | None:
    """What the ticket was created with in the field for its reason."""
    return next((e["value"] for e in tickets()[ticket][0]["events"] if e.get("field_name") == INTENT_FIELD), None)


def is_agent(user: int) -> bool:
    """Whether a person of the retailer acted, neither a customer nor a rule."""
    return user > 0 and side_loaded("users")[user]["role"] == "agent"


@cache
def ticket_steps(ticket: int) -> list[Step]:
    """Who acted: each action of an agent belongs to the group that the ticket is in when they act."""
    steps, group = [], 0
    for audit in tickets()[ticket]:
        change = next((int(e["value"]) for e in audit["events"] if e.get("field_name") == "group_id"), None)
        group = change if change and not group else group
        if is_agent(audit["author_id"]):
            steps.append((when(audit["created_at"]), side_loaded("groups")[group]["name"]))
        group = change or group
    return steps


def ticket_moves(ticket: int) -> list[tuple[datetime, str, str, datetime | None]]:
    """Each move between groups: when, from, to, and the receiving group's first own action."""
    moves = []
    for audit in tickets()[ticket]:
        for event in audit["events"]:
            if event["type"] == "Change" and event["field_name"] == "group_id":
                at = when(audit["created_at"])
                old, new = (side_loaded("groups")[int(event[k])]["name"] for k in ("previous_value", "value"))
                later = [t for t, _ in ticket_steps(ticket) if t > at]
                moves.append((at, old, new, min(later) if later else None))
    return moves


@cache
def contact_lines() -> list[dict[str, Any]]:
    """The Connect records as they lie in the file."""
    text = (FOLDER / "connect_contacts.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@cache
def contacts() -> dict[str, dict[str, Any]]:
    """Each contact once, in its latest version."""
    found: dict[str, dict[str, Any]] = {}
    for record in sorted(contact_lines(), key=lambda r: r["LastUpdateTimestamp"]):
        found[record["ContactId"]] = record
    return found


@cache
def conversations() -> list[dict[str, Any]]:
    """The Intercom conversations."""
    return _intercom()["conversations"]


@cache
def _intercom() -> dict[str, Any]:
    return json.loads((FOLDER / "intercom_conversations.json").read_text(encoding="utf-8"))


def chat_customer(chat: dict[str, Any]) -> str:
    """The customer key of a conversation."""
    return chat["contacts"]["contacts"][0]["external_id"]


def chat_steps(chat: dict[str, Any]) -> list[Step]:
    """Who acted: the bot until a team is named, then the team the conversation is with."""
    names = {team["id"]: team["name"] for team in _intercom()["teams"]}
    steps, team = [], ""
    for part in chat["conversation_parts"]["conversation_parts"]:
        kind, target = part["author"]["type"], part["assigned_to"] or {}
        if kind != "user":
            steps.append((when(part["created_at"]), BOT if kind == "bot" else team))
        if target.get("type") == "team":
            team = names[target["id"]]
    return steps


@cache
def orders() -> dict[str, list[dict[str, str]]]:
    """The rows of each order."""
    found = defaultdict(list)
    with (FOLDER / "orders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["order_id"]].append(row)
    return dict(found)


@cache
def silos() -> dict[str, str]:
    """Team → silo."""
    with (FOLDER / "teams.csv").open(encoding="utf-8", newline="") as file:
        return {row["team"]: row["silo"] for row in csv.DictReader(file)}


@cache
def customer_steps() -> dict[str, list[tuple[datetime, str, str | None]]]:
    """All actions for each customer in all systems: when, the owner, the intent of the contact."""
    found: dict[str, list[tuple[datetime, str, str | None]]] = defaultdict(list)
    keys = {c["ContactId"]: c["Attributes"].get("customerId") for c in contacts().values()}
    for number in tickets():
        found[customer_of(number) or ""] += [(*step, intent_of(number)) for step in ticket_steps(number)]
    for call in contacts().values():
        if call["Agent"]:
            key = keys[call["ContactId"]] or keys.get(call["InitialContactId"] or "") or ""
            at = when(call["Agent"]["ConnectedToAgentTimestamp"])
            found[key].append((at, call["Queue"]["Name"], call["Attributes"].get("intent")))
    for chat in conversations():
        intent = chat["custom_attributes"].get("intent")
        found[chat_customer(chat)] += [(*step, intent) for step in chat_steps(chat)]
    return {key: sorted(steps, key=lambda s: s[0]) for key, steps in found.items()}


def around_order(order: str) -> list[tuple[datetime, str, str | None]]:
    """All actions for the order's customer from a week before it was placed to its end."""
    rows = orders()[order]
    begin, end = when(rows[0]["time"]) - timedelta(days=7), when(rows[-1]["time"])
    return [step for step in customer_steps().get(rows[0]["customer_id"], []) if begin <= step[0] <= end]


def silo_sequence(steps: list[tuple[datetime, str, str | None]]) -> tuple[str, ...]:
    """The silos in order, repeats collapsed."""
    return tuple(silo for silo, _ in groupby(silos()[owner] for _, owner, _ in steps))


def holds(sequence: tuple[str, ...], path: list[str]) -> bool:
    """Whether the path is a contiguous part of the sequence."""
    return any(list(sequence[i : i + len(path)]) == path for i in range(len(sequence)))
