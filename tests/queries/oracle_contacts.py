"""Oracles of queries/overview about contacts, customers and weeks."""

from __future__ import annotations

from tests.queries.oracle import Log, Row, Tables, contacts_in, grouped, journeys_in, oracle, rank
from tests.queries.oracle_teams import moment, week


def _repeats(rows: list[Row]) -> int:
    return sum(i["is_repeat"] is True for i in rows)


@oracle("overview/repeat_contacts", {}, {"min_contacts": 10})
def repeat_contacts(tables: Tables, min_contacts: int = 1) -> list[Row]:
    """Contacts of which it is known whether they repeat one, by intent and channel."""
    known = [i for i in contacts_in(tables) if i["is_repeat"] is not None]
    return [
        {
            "intent": intent,
            "channel": channel,
            "contacts": len(group),
            "repeats": _repeats(group),
            "repeat_share": _repeats(group) / len(group),
        }
        for (intent, channel), group in grouped(known, "intent", "channel").items()
        if len(group) >= min_contacts
    ]


@oracle("overview/repeats_after")
def repeats_after(tables: Tables) -> list[Row]:
    """Repeats with the latest contact that was over before them."""
    log = Log(tables)
    interactions = [
        {**i, "whose": log.journeys[i["journey_id"]]["customer"]}
        for i in tables["interactions"]
        if i["kind"] == "contact"
    ]
    firsts = {i["interaction_id"] for i in contacts_in(tables)}
    found = []
    for repeat in (i for i in interactions if i["is_repeat"] and i["whose"] and i["interaction_id"] in firsts):
        before = [
            i
            for i in interactions
            if (i["whose"], i["intent"]) == (repeat["whose"], repeat["intent"])
            and i["contact_until_ms"] <= repeat["started_ms"]
            and i["conversation_id"] != repeat["conversation_id"]
        ]
        if before:
            last = min(before, key=lambda i: (-i["contact_until_ms"], i["interaction_id"]))
            between = (repeat["started_ms"] - last["contact_until_ms"]) / 1000
            found.append({**repeat, "from": last["channel"], "to": repeat["channel"], "between": between})
    return [
        {
            "intent": intent,
            "from_channel": a,
            "to_channel": b,
            "repeats": len(group),
            "customers": len({r["whose"] for r in group}),
            "between_s_median": rank((r["between"] for r in group), 50),
        }
        for (intent, a, b), group in grouped(found, "intent", "from", "to").items()
    ]


@oracle("overview/arrivals", {}, {"channel": "voice"}, {"system": "crm"})
def arrivals(tables: Tables, channel: str | None = None, system: str | None = None) -> list[Row]:
    """Starts of contacts by hour of the week."""
    started = [
        {"at": moment(i["started_ms"])}
        for i in contacts_in(tables)
        if channel in (None, i["channel"]) and system in (None, i["source_system"])
    ]
    marked = [{"weekday": s["at"].isoweekday(), "hour": s["at"].hour, "day": s["at"].date()} for s in started]
    return [
        {
            "weekday": weekday,
            "hour": hour,
            "contacts": len(group),
            "share": len(group) / len(started),
            "most": max(map(len, grouped(group, "day").values())),
        }
        for (weekday, hour), group in grouped(marked, "weekday", "hour").items()
    ]


@oracle("overview/weeks", {}, {"intent": "refund"})
def weeks(tables: Tables, intent: str | None = None) -> list[Row]:
    """Journeys by the week of their start."""
    log = Log(tables)
    dated = [{**j, "week": week(j["started_ms"])} for j in tables["journeys"] if intent in (None, j["intent"])]
    return [
        {
            "week_ms": monday,
            "journeys": len(group),
            "handed_over_share": sum(j["handoffs"] > 0 for j in group) / len(group),
            "returned_share": sum(log.returns(j["journey_id"]) > 0 for j in group) / len(group),
            "handoffs": sum(j["handoffs"] for j in group),
            "elapsed_s_median": rank((log.elapsed(j["journey_id"]) for j in group), 50),
            "elapsed_s_p95": rank((log.elapsed(j["journey_id"]) for j in group), 95),
            "open": sum(j["outcome"] is None for j in group),
        }
        for (monday,), group in grouped(dated, "week").items()
    ]


@oracle("overview/team_systems", {}, {"team": "L1"})
def team_systems(tables: Tables, team: str | None = None) -> list[Row]:
    """Visits by team and the system of their first event."""
    systems = {(e["journey_id"], e["seq"]): e["source_system"] for e in tables["events"]}
    marked = [
        {
            **v,
            "first": systems[v["journey_id"], v["opened_seq"]],
            "last": systems[v["journey_id"], v["closed_seq"]],
        }
        for v in tables["visits"]
    ]
    return [
        {
            "team": owner,
            "system": system,
            "visits": len(group),
            "share": len(group) / sum(v["owner"] == owner for v in marked),
            "changing": sum(None not in (v["first"], v["last"]) and v["first"] != v["last"] for v in group),
        }
        for (owner, system), group in grouped(marked, "owner", "first").items()
        if team in (None, owner)
    ]


@oracle("overview/customer_types")
def customer_types(tables: Tables) -> list[Row]:
    """Contacts by kind of customer and channel."""
    log = Log(tables)
    return [
        {
            "customer_type": kind,
            "channel": channel,
            "contacts": len(group),
            "share": len(group) / len(contacts_in(tables)),
            "repeats": _repeats(group),
            "handed_over": sum(log.journeys[i["journey_id"]]["handoffs"] > 0 for i in group),
        }
        for (kind, channel), group in grouped(contacts_in(tables), "customer_type", "channel").items()
    ]


@oracle("overview/links")
def links(tables: Tables) -> list[Row]:
    """Links by their basis and the systems at their ends."""
    known = {i["interaction_id"]: i for i in tables["interactions"]}
    found = []
    for link in tables["links"]:
        a, b = known[link["from_interaction"]], known[link["to_interaction"]]
        between = max(0, b["started_ms"] - a["ended_ms"], a["started_ms"] - b["ended_ms"]) / 1000
        found.append({**link, "a": a["source_system"], "b": b["source_system"], "between": between})
    return [
        {
            "basis": basis,
            "from_system": a,
            "to_system": b,
            "links": len(group),
            "probability_least": min(link["probability"] for link in group),
            "probability_mean": sum(link["probability"] for link in group) / len(group),
            "between_s_median": rank((link["between"] for link in group), 50),
        }
        for (basis, a, b), group in grouped(found, "basis", "a", "b").items()
    ]


@oracle("overview/customers", {}, {"min_contacts": 1})
def customers(tables: Tables, min_contacts: int = 2) -> list[Row]:
    """Customers with what their journeys took."""
    log = Log(tables)
    rows = []
    concerned = {i["journey_id"] for i in contacts_in(tables)}
    for (customer,), group in grouped(
        [j for j in tables["journeys"] if j["journey_id"] in concerned], "customer"
    ).items():
        ids = {j["journey_id"] for j in group}
        own = [i for i in contacts_in(tables) if i["journey_id"] in ids]
        assert journeys_in(own) == len(group)
        if customer is not None and len(own) >= min_contacts:
            rows.append(
                {
                    "customer": customer,
                    "contacts": len(own),
                    "journeys": len(group),
                    "handoffs": sum(j["handoffs"] for j in group),
                    "returns": sum(map(log.returns, ids)),
                    "elapsed_s_total": sum(map(log.elapsed, ids)),
                    "latest_ms": max(j["ended_ms"] for j in group),
                }
            )
    return rows
