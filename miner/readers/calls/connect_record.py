"""An Amazon Connect contact record reduced to what is used; lengths of time are in whole seconds."""

from __future__ import annotations

import re
from typing import TypedDict

from miner.events.values import customer_key, email_key, id_of, number_of, opening_mark, phone_key, text_of
from miner.readers.calls.fields import tickets_of
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json, Malformed, child
from miner.readers.tabular.keys import ATTRIBUTES

MAPPED = ("intent", "outcome", "value", *ATTRIBUTES)
_CUSTOMER = ("customerid", "customernumber", "customerkey")
_WHO = {
    "phone": ("phone", "phonenumber"),
    "email": ("email", "customeremail"),
    "name": ("name", "customername"),
    "address": ("address", "street"),
    "postcode": ("postcode", "zip", "postalcode"),
    "device": ("deviceid",),
    "user_agent": ("useragent",),
    "opening": ("openingtext",),
}


class QueueTimes(TypedDict):
    """The queue of a leg; `team` is its name."""

    team: str | None
    enqueued: int | None
    dequeued: int | None
    queue_s: int | None


class AgentTimes(TypedDict):
    """The agent of a leg."""

    agent: str | None
    connected: int | None
    wrap_start: int | None
    wrap_end: int | None
    talk_s: int | None
    hold_s: int | None
    wrap_s: int | None


class Leg(QueueTimes, AgentTimes):
    """One contact. `initial`, `previous` and `related` are ids of others; `at` is its first known time."""

    id: str
    updated: int | None
    initial: str | None
    previous: str | None
    related: str | None
    channel: str | None
    method: str
    subtype: str | None
    reason: str | None
    at: int
    ended: int | None
    answered: int | None
    transferred: int | None
    outside: bool
    external_s: int | None
    attempts: float | None
    customer: str | None
    endpoint: str | None
    identity: dict[str, str]
    tickets: list[str]
    declared: dict[str, float | None]
    mapped: dict[str, str | None]


def contact_id(contact: Json) -> str | None:
    """The id of a contact: ContactId in records, Id in answers of the API, which name a method too."""
    return id_of(contact.get("ContactId")) or (id_of(contact.get("Id")) if "InitiationMethod" in contact else None)


def contact_record(contact: Json, columns: dict[str, str], clock: Clock) -> Leg:
    """The parts of a contact record that are used."""
    key = contact_id(contact)
    if key is None:
        raise Malformed("ContactId", "ContactId is missing")
    attributes = {name: text_of(value) for name, value in child(contact, "Attributes").items()}
    updated = clock.of(contact, "LastUpdateTimestamp")
    subtype = _subtype(contact)
    started, ended = clock.of(contact, "InitiationTimestamp"), clock.of(contact, "DisconnectTimestamp")
    answered = clock.of(contact, "ConnectedToSystemTimestamp")
    transferred = clock.of(contact, "TransferCompletedTimestamp")
    outside = bool(child(contact, "TransferredToEndpoint"))
    queue = _queue(child(contact, "Queue") or child(contact, "QueueInfo"), clock)
    info = child(contact, "Agent") or child(contact, "AgentInfo")
    agent = _agent(info, clock)
    attempts = number_of(contact.get("AgentConnectionAttempts"))
    external_s = _seconds(child(contact, "ExternalThirdParty"), "ExternalThirdPartyInteractionDuration")
    endpoint, identity = _endpoint(contact), _identity(contact, attributes)
    known = [at for at in (started, answered, queue["enqueued"], agent["connected"], ended) if at is not None]
    if not known:
        raise Malformed("InitiationTimestamp", "no time of the contact is known", key)
    return {
        "id": key,
        "updated": updated,
        "initial": id_of(contact.get("InitialContactId")),
        "previous": id_of(contact.get("PreviousContactId")),
        "related": id_of(contact.get("RelatedContactId")),
        "channel": text_of(contact.get("Channel")),
        "method": text_of(contact.get("InitiationMethod")) or "",
        "subtype": subtype,
        "reason": text_of(contact.get("DisconnectReason")),
        "at": known[0],
        "ended": ended,
        "answered": answered,
        "transferred": transferred,
        "outside": outside,
        **queue,
        **agent,
        "external_s": external_s,
        "attempts": attempts,
        "customer": _customer(attributes, columns),
        "endpoint": endpoint,
        "identity": identity,
        "tickets": sorted(set(tickets_of(attributes, columns.get("case")))),
        "declared": {
            "Queue.Duration": queue["queue_s"],
            "AgentInteractionDuration": agent["talk_s"],
            "CustomerHoldDuration": agent["hold_s"],
            "AfterContactWorkDuration": agent["wrap_s"],
            "NumberOfHolds": number_of(info.get("NumberOfHolds")),
            "AgentConnectionAttempts": attempts,
        },
        "mapped": {name: attributes.get(columns[name]) for name in MAPPED if name in columns},
    }


def _queue(queue: Json, clock: Clock) -> QueueTimes:
    return {
        "team": text_of(queue.get("Name")) or text_of(queue.get("Id")) or text_of(queue.get("ARN")),
        "enqueued": clock.of(queue, "EnqueueTimestamp"),
        "dequeued": clock.of(queue, "DequeueTimestamp"),
        "queue_s": _seconds(queue, "Duration"),
    }


def _agent(agent: Json, clock: Clock) -> AgentTimes:
    return {
        "agent": text_of(agent.get("Username")) or id_of(agent.get("Id")) or id_of(agent.get("ARN")),
        "connected": clock.of(agent, "ConnectedToAgentTimestamp"),
        "wrap_start": clock.of(agent, "AfterContactWorkStartTimestamp"),
        "wrap_end": clock.of(agent, "AfterContactWorkEndTimestamp"),
        "talk_s": _seconds(agent, "AgentInteractionDuration"),
        "hold_s": _seconds(agent, "CustomerHoldDuration"),
        "wrap_s": _seconds(agent, "AfterContactWorkDuration"),
    }


def _seconds(holder: Json, name: str) -> int | None:
    """A duration in whole seconds; -1 and other negatives are open."""
    seconds = number_of(holder.get(name))
    return int(seconds) if seconds is not None and 0 <= seconds < 10**9 else None


def _subtype(contact: Json) -> str | None:
    """connect:SMS, connect:Messaging … where the segment attributes say it."""
    value = child(contact, "SegmentAttributes").get("connect:Subtype")
    return text_of(value.get("ValueString")) if isinstance(value, dict) else text_of(value)


def _customer(attributes: dict[str, str | None], columns: dict[str, str]) -> str | None:
    if "customer" in columns:
        return customer_key(attributes.get(columns["customer"]))
    declared = [customer_key(value) for key, value in sorted(attributes.items()) if _plain(key) in _CUSTOMER]
    return next(filter(None, declared), None)


def _endpoint(contact: Json) -> str | None:
    """The customer's own address: a number, or an e-mail address, or what the chat knows them by."""
    endpoint = child(contact, "CustomerEndpoint")
    address = text_of(endpoint.get("Address"))
    if endpoint.get("Type") == "TELEPHONE_NUMBER":
        return phone_key(address)
    return phone_key(address) or email_key(address) or customer_key(address) or id_of(contact.get("CustomerId"))


def _identity(contact: Json, attributes: dict[str, str | None]) -> dict[str, str]:
    """What tells who called: the far end, and attributes that are called so."""
    plain = {_plain(key): value for key, value in attributes.items()}
    identity = {key: next((plain[name] for name in names if plain.get(name)), None) for key, names in _WHO.items()}
    address = text_of(child(contact, "CustomerEndpoint").get("Address"))
    identity["phone"] = phone_key(address) or identity["phone"]
    identity["email"] = email_key(address) or identity["email"]
    identity["opening"] = opening_mark(identity["opening"])
    return {key: value for key, value in identity.items() if value}


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())
