"""The canonical columns: one declaration for readers, engine and docs.

What each word means is written in docs/definitions.md.
"""

from __future__ import annotations

from collections.abc import Collection
from types import NoneType
from typing import Annotated, Any, TypedDict, get_args, get_origin, get_type_hints

Int32 = Annotated[int, "INTEGER"]
_ENGINE_TYPES = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}


class Event(TypedDict, total=False):
    """One step as a reader gives it to `Sink.event`, and a row of `raw_events`.

    Times are integer microseconds since the epoch in UTC; `hold_us` is declared hold time inside the span.
    """

    source: str
    source_no: Int32
    line: int | None
    sequence: int | None
    interaction_id: str
    started_us: int
    ended_us: int | None
    hold_us: int | None
    activity: str
    event_type: str | None
    channel: str | None
    source_system: str | None
    actor_type: str | None
    actor: str | None
    agent: str | None
    team: str | None
    silo: str | None
    customer: str | None
    intent: str | None
    outcome: str | None
    value: float | None
    handoff_kind: str | None
    attributes: str | None  # JSON
    text: str | None  # what was said or written; dropped by the sink unless the user asked to use it


class Interaction(TypedDict, total=False):
    """What a reader says of an interaction beyond its events, and a row of `raw_interactions`."""

    interaction_id: str
    kind: str | None  # contact (somebody wanted something) or record (the life of a business object)
    source_system: str | None
    channel: str | None
    customer: str | None
    customer_type: str | None
    customer_type_sure: float | None  # 1 where it is said; else how sure its cadence makes it
    intent: str | None
    declared: str | None  # JSON of the source's own totals, kept to reconcile
    # JSON of what tells who it was, raw: keys id, phone, email, name, address, postcode, device, user_agent, and
    # `opening`, the mark of the first words (values.opening_mark). Used in memory to find one customer; never written.
    identity: str | None


class Reference(TypedDict):
    """An explicit reference of one interaction to another: a ticket id on a call, InitialContactId."""

    interaction_id: str
    refers_to: str  # an interaction_id ("zendesk:4711"), or a bare id of any system
    basis: str
    same: bool  # it is the same call or thread: a transfer, a consult, a conference, a merge


def columns_of(row: type) -> dict[str, str]:
    """The columns of a typed row with their engine types."""
    return {name: _engine_type(hint) for name, hint in get_type_hints(row, include_extras=True).items()}


def _engine_type(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return str(hint.__metadata__[0])
    return _ENGINE_TYPES[next((part for part in get_args(hint) if part is not NoneType), hint)]


RAW_EVENTS = columns_of(Event)
RAW_INTERACTIONS = columns_of(Interaction)
RAW_REFERENCES = columns_of(Reference)

# Attributes that are kept as they are; a reader may declare more in SAFE_ATTRIBUTES. Those that name agents are kept
# under their pseudonyms; all others are dropped unless the user asks for them (--keep).
SAFE_ATTRIBUTES = frozenset(
    "attempts channel definition direction disconnectType disposition field form from_team helping_team kind language "
    "priority queue reason region rel scale score sentiment skill status team to_team type wrapUpCode".split()
)
AGENT_ATTRIBUTES = frozenset("agent assignee assignee_id from_agent to_agent".split())

EVENT_TYPES = frozenset(
    "started ivr_enter ivr_exit bot_engaged message note queue_enter queue_exit agent_offered agent_no_answer "
    "agent_connected hold hold_start hold_end consult_start conference_join handoff agent_released wrapup_start "
    "wrapup_end ended abandoned callback_requested assigned unassigned status_changed escalated reopened resolved "
    "closed merged survey_offered survey_answered sla field_changed".split()
)

GOOD = ("resolved", "solved", "completed", "closed won")  # outcomes that count as good unless others are named
KINDS = ("contact", "record")  # of an interaction

HANDOFF_KINDS = frozenset(
    "blind consult conference consult_only group_reassign agent_reassign bot_to_human human_to_bot escalation "
    "channel_switch external requeue_no_answer".split()
)

ACTOR_TYPES = frozenset("customer agent bot ivr system rule supervisor third_party unknown".split())

CHANNELS = frozenset("voice chat messaging email sms social web_form callback task video unknown".split())

# Who works: these are people, and an actor that nothing is said of is taken for one.
PEOPLE = ("agent", "supervisor", "unknown")
# Events of these actors never change the owner (definitions: Owner).
NEVER_OWNERS = frozenset("customer system rule ivr".split())

# Names that stand for "nobody", in lower case: kept as text, but they own nothing and are no person.
PSEUDO_OWNERS = frozenset(
    {
        "siebel",
        "no_server",
        "?",
        "-1",
        "unassigned",
        "empty",
        "(empty)",
        "missing",
        "unknown",
        "nil",
        "#n/a",
    }
)

# Who answers a contact and whose team is not known owns it under this name, and with it these events of theirs.
NO_TEAM = "no known team"
ANSWERS = ("agent_connected", "hold", "message", "wrapup_start", "handoff")

# Cells that mean "no value".
MISSING = (
    "",
    "?",
    "-",
    "--",
    "NULL",
    "Null",
    "null",
    "NA",
    "N/A",
    "n/a",
    "n.v.t.",
    "None",
    "NONE",
    "none",
    "nan",
    "NaN",
    "undefined",
    "UNDEFINED",
    "(null)",
    "<NA>",
)


def nobodies(owners: Collection[str] = ()) -> frozenset[str]:
    """The names, in lower case, that stand for nobody; those in `owners` are owners all the same (`--owner`)."""
    return PSEUDO_OWNERS - {name.lower() for name in owners}
