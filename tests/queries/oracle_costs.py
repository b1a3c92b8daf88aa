"""Oracles of queries/costs and of the queries about contacts, machines and value lost."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from tests.oracles.value_lost import taken
from tests.queries.oracle import Log, Row, Tables, contacts_in, counted, grouped, journeys_in, oracle

TIMED = ("delay", "handoff", "rework", "information_gap", "system_boundary", "context_shift", "repeat_contact")
GOOD = ["resolved", "solved", "completed", "closed won"]
Z = 1.959964
HANDLING = {"handoff", "rework", "information_gap", "repeat_contact"}


def total(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def costs(rows: Iterable[Row]) -> Row:
    """What some transitions cost: every component, all of them, and the money."""
    rows = list(rows)
    # Where nobody's handling time is known, nothing is known of what is counted in it.
    unknown = set() if any(row["handled_s"] is not None for row in rows) else HANDLING
    found: Row = {name: None if name in unknown else total(row[f"{name}_cost_s"] for row in rows) for name in TIMED}
    money = [row[f"{name}_money"] for row in rows for name in TIMED]
    found["all"] = total(found[name] for name in TIMED)
    found["money"] = total(money) if any(money) else None
    found["unpriced"] = total(
        row[f"{name}_cost_s"] if row[f"{name}_money"] is None else 0.0
        for row in rows
        for name in TIMED
        if row[f"{name}_cost_s"] is not None
    )
    return found


def handed(tables: Tables) -> list[Row]:
    """Handoffs with the visits at their ends and what they cost up to the next one."""
    after = grouped(tables["transitions"], "journey_id", "handoff_position")
    return [{**row, **costs(after[row["journey_id"], row["position"]])} for row in Log(tables).handoffs()]


def _pairs(tables: Tables, a: str, b: str) -> Iterable[tuple[tuple[Any, ...], list[Row]]]:
    rows = [{**row, "a": row["first"][a], "b": row["second"][b]} for row in handed(tables)]
    return grouped(rows, "a", "b").items()


@oracle("costs/team_pairs", {}, {"min_handoffs": 4})
def team_pairs(tables: Tables, min_handoffs: int = 1) -> list[Row]:
    """Costs by pair of teams."""
    return [
        {
            "from_team": a,
            "to_team": b,
            "handoffs": len(rows),
            "journeys": journeys_in(rows),
            "cost_s": total(r["all"] for r in rows),
            "delay_s": total(r["delay"] for r in rows),
            "cost_s_mean": (total(r["all"] for r in rows) or 0.0) / len(rows),
            "money": total(r["money"] for r in rows),
            "unpriced_s": total(r["unpriced"] for r in rows),
        }
        for (a, b), rows in _pairs(tables, "owner", "owner")
        if len(rows) >= min_handoffs
    ]


@oracle("costs/silo_pairs")
def silo_pairs(tables: Tables) -> list[Row]:
    """Costs by pair of different silos."""
    rows = [row for row in handed(tables) if row["crosses_silo"]]
    whole = sum(row["all"] for row in rows)
    return [
        {
            "from_silo": a,
            "to_silo": b,
            "handoffs": len(own),
            "journeys": journeys_in(own),
            "cost_s": total(r["all"] for r in own),
            "delay_s": total(r["delay"] for r in own),
            "share": sum(r["all"] for r in own) / whole,
            "money": total(r["money"] for r in own),
            "unpriced_s": total(r["unpriced"] for r in own),
        }
        for (a, b), own in grouped(rows, "from_silo", "to_silo").items()
    ]


@oracle("costs/handoffs", {}, {"from_team": "L1"}, {"to_team": "L2", "from_team": "nobody"})
def handoffs(tables: Tables, from_team: str | None = None, to_team: str | None = None) -> list[Row]:
    """Single handoffs that cost anything."""
    return [
        {
            "journey": r["journey_id"],
            "position": r["position"],
            "from_team": r["from_owner"],
            "to_team": r["to_owner"],
            "kind": r["kind"],
            "own_wait_s": r["own_wait_s"],
            "cost_s": r["all"],
            "delay_s": r["delay"],
            "handoff_s": r["handoff"],
            "rework_s": r["rework"],
            "information_gap_s": r["information_gap"],
            "repeat_contact_s": r["repeat_contact"],
            "money": r["money"],
            "unpriced_s": r["unpriced"],
        }
        for r in handed(tables)
        if r["all"] and from_team in (None, r["from_owner"]) and to_team in (None, r["to_owner"])
    ]


def _journeys(tables: Tables) -> dict[str, Row]:
    log, parts = Log(tables), grouped(tables["transitions"], "journey_id")
    return {j: {**row, **costs(parts[(j,)])} for j, row in log.journeys.items()}


@oracle("costs/journeys", {}, {"intent": "refund"})
def journeys(tables: Tables, intent: str | None = None) -> list[Row]:
    """Journeys that cost anything."""
    log = Log(tables)
    return [
        {
            "journey": j,
            "intent": r["intent"],
            "cost_s": r["all"],
            "money": r["money"],
            "unpriced_s": r["unpriced"],
            "handoffs": r["handoffs"],
            "returns": log.returns(j),
            "elapsed_s": log.elapsed(j),
            "silo_path": log.silo_path(j),
            "outcome": r["outcome"],
        }
        for j, r in _journeys(tables).items()
        if r["all"] and intent in (None, r["intent"])
    ]


@oracle("costs/loops", {}, {"min_journeys": 3})
def loops(tables: Tables, min_journeys: int = 1) -> list[Row]:
    """A to B and back: the two handoffs of every return after one other visit."""
    at = {(r["journey_id"], r["position"]): r for r in handed(tables)}
    rows = [
        {
            "journey_id": r["journey_id"],
            "team": r["owner"],
            "via": at[r["journey_id"], r["to_position"]]["from_owner"],
            "two": (at[r["journey_id"], r["to_position"] - 1], at[r["journey_id"], r["to_position"]]),
        }
        for r in tables["returns"]
        if r["hops"] == 2
    ]
    made = []
    for (team, via), own in grouped(rows, "team", "via").items():
        both = [h["all"] for r in own for h in r["two"]]
        if journeys_in(own) >= min_journeys:
            made.append(
                {
                    "team": team,
                    "via": via,
                    "journeys": journeys_in(own),
                    "returns": len(own),
                    "cost_s": sum(both),
                    "cost_s_mean": sum(both) / len(own),
                    "money": total(h["money"] for r in own for h in r["two"]),
                    "unpriced_s": total(h["unpriced"] for r in own for h in r["two"]),
                }
            )
    return made


@oracle("costs/by_intent")
def by_intent(tables: Tables) -> list[Row]:
    """Journeys by intent."""
    rows = list(_journeys(tables).values())
    whole = sum(r["all"] for r in rows)
    return [
        {
            "intent": intent,
            "journeys": len(own),
            "with_cost": sum(r["all"] > 0 for r in own),
            "cost_s": sum(r["all"] for r in own),
            "cost_s_mean": sum(r["all"] for r in own) / len(own),
            "share": sum(r["all"] for r in own) / whole,
            "money": total(r["money"] for r in own),
            "unpriced_s": total(r["unpriced"] for r in own),
        }
        for (intent,), own in grouped(rows, "intent").items()
    ]


@oracle("costs/components")
def components(tables: Tables) -> list[Row]:
    """Every component by the team that took over."""
    return [
        {
            "team": team,
            "handoffs": len(rows),
            "cost_s": total(r["all"] for r in rows),
            **{f"{name}_s": total(r[name] for r in rows) for name in TIMED},
        }
        for (team,), rows in grouped(handed(tables), "to_owner").items()
    ]


@oracle("costs/information_gaps", {}, {"from_team": "L1"}, {"to_team": "L2"})
def information_gaps(tables: Tables, from_team: str | None = None, to_team: str | None = None) -> list[Row]:
    """Pairs of teams after whose handoffs it was asked again."""
    made = []
    for (a, b), rows in _pairs(tables, "owner", "owner"):
        asked = [r for r in rows if r["information_gap"]]
        if asked and from_team in (None, a) and to_team in (None, b):
            silos = [
                min((s for r in rows if (s := r[end]["silo"]) is not None), default=None) for end in ("first", "second")
            ]
            made.append(
                {
                    "from_team": a,
                    "to_team": b,
                    "from_silo": silos[0],
                    "to_silo": silos[1],
                    "handoffs": len(asked),
                    "journeys": journeys_in(asked),
                    "share": len(asked) / len(rows),
                    "asked_s": sum(r["information_gap"] for r in asked),
                    "examples": sorted({r["journey_id"] for r in asked})[:10],
                }
            )
    return made


@oracle("costs/information_gaps_of_silos", {}, {"from_silo": "Service"}, {"to_silo": "Sales"})
def information_gaps_of_silos(tables: Tables, from_silo: str | None = None, to_silo: str | None = None) -> list[Row]:
    """Pairs of silos after whose handoffs it was asked again."""
    made = []
    for (a, b), rows in _pairs(tables, "silo", "silo"):
        asked = [r for r in rows if r["information_gap"]]
        if asked and None not in (a, b) and from_silo in (None, a) and to_silo in (None, b):
            made.append(
                {
                    "from_silo": a,
                    "to_silo": b,
                    "pairs": len({(r["from_owner"], r["to_owner"]) for r in asked}),
                    "handoffs": len(asked),
                    "journeys": journeys_in(asked),
                    "share": len(asked) / len(rows),
                    "asked_s": sum(r["information_gap"] for r in asked),
                    "examples": sorted({r["journey_id"] for r in asked})[:10],
                }
            )
    return made


def _known(tables: Tables) -> list[Row]:
    """Journeys whose outcome counts with their silos, as the oracle of value lost wants them."""
    log, outcomes = Log(tables), counted(tables)
    return [
        {**row, "id": j, "silos": log.silo_path(j) or [], "outcome": outcomes[j].lower()}
        for j, row in log.journeys.items()
        if j in outcomes
    ]


@oracle(
    "silos/value_lost",
    {"min_journeys": 3},
    {"min_journeys": 1, "path": ["Sales", "Service"]},
    {"min_journeys": 5, "good": ["lost"]},
    {"min_journeys": 1, "aside": ['["Sales","Service"]']},
)
def value_lost(
    tables: Tables,
    min_journeys: int = 30,
    path: list[str] | None = None,
    good: list[str] = GOOD,
    aside: Sequence[str] = (),
) -> list[Row]:
    """The formula, path by path and stratum by stratum."""
    left = {tuple(json.loads(one)) for one in aside}
    log = [j for j in _known(tables) if not left & taken(j)]
    made = []
    for way in {way for j in log for way in taken(j)}:
        on = [j for j in log if way in taken(j)]
        if len(on) >= min_journeys and path in (None, list(way)):
            made.append(_lost(way, on, log, set(good)))
    return made


def _lost(way: tuple[str, ...], on: list[Row], log: list[Row], good: set[str]) -> Row:
    lost = outcomes = variance = left_out = expected = 0.0
    for intent in {j["intent"] for j in on}:
        mine = [j for j in on if j["intent"] == intent]
        others = [j for j in log if j["intent"] == intent and way not in taken(j)]
        value = sum(j["value"] or 0.0 for j in mine)
        well = [sum(j["outcome"] in good for j in side) for side in (mine, others)]
        if min(len(mine), len(others)) < 5:
            left_out, expected = left_out + value, expected + well[0]
            continue
        gap = well[1] / len(others) - well[0] / len(mine)
        lost, outcomes = lost + value * gap, outcomes + len(mine) * gap
        expected += len(mine) * well[1] / len(others)
        for k, side in zip(well, (mine, others), strict=True):
            p = (k + 1) / (len(side) + 2)
            variance += value**2 * p * (1 - p) / (len(side) + 2)
    valued = any(j["value"] is not None for j in on)
    half = Z * math.sqrt(variance)
    return {
        "path": list(way),
        "journeys": len(on),
        "ended_well": sum(j["outcome"] in good for j in on),
        "corrected": None,
        "corrected_low": None,
        "corrected_high": None,
        "expected_well": expected,
        "value_lost": lost if valued else None,
        "low": lost - half if valued else None,
        "high": lost + half if valued else None,
        "outcomes_lost": outcomes,
        "value_left_out": left_out if valued else None,
    }


@oracle(
    "silos/value_lost_by_intent",
    {"path": ["Sales", "Service"]},
    {"path": ["Service", "Sales"], "good": ["lost"]},
    {"path": ["Nowhere", "Sales"]},
)
def value_lost_by_intent(tables: Tables, path: list[str], good: list[str] = GOOD) -> list[Row]:
    """One path against the rest of each intent."""
    made = []
    for (intent,), rows in grouped(_known(tables), "intent").items():
        on = [j for j in rows if tuple(path) in taken(j)]
        off = [j for j in rows if tuple(path) not in taken(j)]
        if on:
            well = [sum(j["outcome"] in good for j in side) for side in (on, off)]
            made.append(
                {
                    "intent": intent,
                    "on_path": len(on),
                    "well_on_path": well[0],
                    "elsewhere": len(off),
                    "well_elsewhere": well[1],
                    "value_on_path": total(j["value"] for j in on),
                    "counted": len(on) >= 5 and len(off) >= 5,
                }
            )
    return made


def _contacts(tables: Tables) -> list[Row]:
    """Contacts with what is known of their conversations, and the customer of their journey."""
    own = {row["conversation_id"]: row for row in tables["conversations"]}
    whose = {row["journey_id"]: row["customer"] for row in tables["journeys"]}
    none = dict.fromkeys(("first_actor", "has_human", "resolved", "recontact_7d"))
    return [
        {**row, **{key: own.get(row["interaction_id"], none)[key] for key in none}, "whose": whose[row["journey_id"]]}
        for row in contacts_in(tables)
    ]


@oracle("outcomes/repeat_chains", {}, {"min_repeats": 2}, {"intent": "order"})
def repeat_chains(tables: Tables, min_repeats: int = 1, intent: str | None = None) -> list[Row]:
    """A customer's contacts about one intent."""
    rows = [i for i in _contacts(tables) if i["is_repeat"] is not None and i["whose"] is not None]
    made = []
    for (customer, about), own in grouped(rows, "whose", "intent").items():
        repeats = sum(i["is_repeat"] for i in own)
        known = [i["resolved"] for i in own if i["resolved"] is not None]
        if repeats >= min_repeats and intent in (None, about):
            made.append(
                {
                    "customer": customer,
                    "intent": about,
                    "contacts": len(own),
                    "repeats": repeats,
                    "channels": sorted({i["channel"] for i in own if i["channel"] is not None}),
                    "first_ms": min(i["started_ms"] for i in own),
                    "last_ms": max(i["ended_ms"] for i in own),
                    "resolved": sum(known) if known else None,
                }
            )
    return made


def _of_bots(tables: Tables, intent: str | None) -> list[Row]:
    return [
        i
        for i in _contacts(tables)
        if i["first_actor"] == "bot" and i["customer_type"] != "machine" and intent in (None, i["intent"])
    ]


@oracle("outcomes/false_containment", {}, {"intent": "refund"})
def false_containment(tables: Tables, intent: str | None = None) -> list[Row]:
    """Contacts of people that a bot had first, by intent and channel."""
    made = []
    for (about, channel), own in grouped(_of_bots(tables, intent), "intent", "channel").items():
        alone = [i for i in own if not i["has_human"]]
        known = [i["recontact_7d"] for i in alone if i["recontact_7d"] is not None]
        made.append(
            {
                "intent": about,
                "channel": channel,
                "sessions": len(own),
                "contained": len(alone),
                "known": len(known),
                "back": sum(known),
                "back_share": sum(known) / len(known) if known else None,
            }
        )
    return made


@oracle("outcomes/back_after_bot", {}, {"intent": "refund"})
def back_after_bot(tables: Tables, intent: str | None = None) -> list[Row]:
    """Contacts that a bot ended alone and whose customer was back."""
    return [
        {
            "interaction": i["interaction_id"],
            "journey": i["journey_id"],
            "intent": i["intent"],
            "channel": i["channel"],
            "ended_ms": i["ended_ms"],
        }
        for i in _of_bots(tables, intent)
        if not i["has_human"] and i["recontact_7d"]
    ]


@oracle("handoffs/bot_leaks", {}, {"min_sessions": 3})
def bot_leaks(tables: Tables, min_sessions: int = 1) -> list[Row]:
    """Handoffs from bot to person by the intent of their journey, with the sessions bots began."""
    begun = grouped([i for i in _contacts(tables) if i["first_actor"] == "bot"], "intent")
    about = {row["journey_id"]: row["intent"] for row in tables["journeys"]}
    rows = [{**r, "about": about[r["journey_id"]]} for r in handed(tables) if r["kind"] == "bot_to_human"]
    made = []
    for (intent,), own in grouped(rows, "about").items():
        sessions = begun.get((intent,), [])
        if sessions and len(sessions) >= min_sessions:
            passed = sum(bool(i["has_human"]) for i in sessions)
            made.append(
                {
                    "intent": intent,
                    "sessions": len(sessions),
                    "passed_on": passed,
                    "passed_share": passed / len(sessions),
                    "handoffs": len(own),
                    "wait_s_total": sum(r["own_wait_s"] for r in own),
                    "cost_s": total(r["all"] for r in own),
                }
            )
    return made


@oracle("overview/machine_customers")
def machine_customers(tables: Tables) -> list[Row]:
    """Contacts of machine customers, by customer."""
    rows = [i for i in _contacts(tables) if i["customer_type"] == "machine" and i["whose"] is not None]
    return [
        {
            "customer": customer,
            "sure": min((s for i in own if (s := i["customer_type_sure"]) is not None), default=None),
            "contacts": len(own),
            "journeys": journeys_in(own),
            "repeats": sum(bool(i["is_repeat"]) for i in own),
            "handled_by_people": sum(bool(i["has_human"]) for i in own),
            "first_ms": min(i["started_ms"] for i in own),
            "last_ms": max(i["ended_ms"] for i in own),
            "journey": min(i["journey_id"] for i in own),
        }
        for (customer,), own in grouped(rows, "whose").items()
    ]


@oracle("overview/machine_journeys")
def machine_journeys(tables: Tables) -> list[Row]:
    """Journeys with a contact of a machine customer, by intent."""
    log = Log(tables)
    of_machines = {
        i["journey_id"] for i in tables["interactions"] if i["customer_type"] == "machine" and i["kind"] == "contact"
    }
    rows = [{**row, "id": j} for j, row in _journeys(tables).items() if j in of_machines]
    return [
        {
            "intent": intent,
            "journeys": len(own),
            "handed_over": sum(r["handoffs"] > 0 for r in own),
            "handoffs": sum(r["handoffs"] for r in own),
            "elapsed_s_total": sum(log.elapsed(r["id"]) for r in own),
            "cost_s": total(r["all"] for r in own),
        }
        for (intent,), own in grouped(rows, "intent").items()
    ]
