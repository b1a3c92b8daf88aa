"""What the oracles of the library's queries share: brute force over the tables of a workspace.

An oracle is a function `(tables, **params) -> rows` (dicts by column, in any order, without
limit), registered under its query's name with the parameters to try it with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Oracle = Callable[..., list[Row]]
Cases = Callable[[Tables], list[dict[str, Any]]]


@dataclass
class Entry:
    """An oracle and the parameters it is tried with."""

    answer: Oracle
    cases: Cases


ORACLES: dict[str, Entry] = {}


def oracle(name: str, *cases: dict[str, Any], chosen: Cases | None = None) -> Callable[[Oracle], Oracle]:
    """Register an oracle; `chosen` picks parameters from the log itself."""

    def register(answer: Oracle) -> Oracle:
        assert name not in ORACLES, f"two oracles for {name}"
        ORACLES[name] = Entry(answer, chosen or (lambda _: list(cases) or [{}]))
        return answer

    return register


def grouped(rows: Iterable[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of some columns."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def contacts_in(tables: Tables) -> list[Row]:
    """The first interaction of each conversation: records are no contacts, and legs count once."""
    return [i for i in tables["interactions"] if i["kind"] == "contact" and i["conversation_id"] == i["interaction_id"]]


def counted(tables: Tables) -> dict[str, str]:
    """The outcome of each journey that counts in shares: the last of a system that shows good and other ends."""
    shown = {row["source_system"] for row in tables.get("outcomes_shown", []) if row["shows"] == "both"}
    systems = {i["interaction_id"]: i["source_system"] or "" for i in tables["interactions"]}
    events = sorted(tables["events"], key=lambda e: (e["journey_id"], e["seq"]))
    told = [e for e in events if e["outcome"] is not None and systems[e["interaction_id"]] in shown]
    return {event["journey_id"]: event["outcome"] for event in told}


def rank(values: Iterable[float], percent: int) -> float:
    """The nearest-rank percentile: the smallest value whose rank covers so many per cent."""
    ordered = sorted(values)
    return next(x for place, x in enumerate(ordered, start=1) if 100 * place >= percent * len(ordered))


def journeys_in(rows: Iterable[Row]) -> int:
    """How many journeys rows belong to."""
    return len({row["journey_id"] for row in rows})


@dataclass
class Log:
    """Tables with what every oracle looks up."""

    tables: Tables
    visits: dict[tuple[str, int], Row] = field(init=False)
    journeys: dict[str, Row] = field(init=False)
    chains: dict[str, list[Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.visits = {(v["journey_id"], v["position"]): v for v in self.tables["visits"]}
        self.journeys = {j["journey_id"]: j for j in self.tables["journeys"]}
        chains = grouped(sorted(self.tables["visits"], key=lambda v: v["position"]), "journey_id")
        self.chains = {key[0]: chain for key, chain in chains.items()}

    def elapsed(self, journey: str) -> float:
        """Seconds from first start to latest end."""
        row = self.journeys[journey]
        return (row["ended_us"] - row["started_us"]) / 1e6

    def returns(self, journey: str) -> int:
        """How many returns a journey has."""
        return sum(row["journey_id"] == journey for row in self.tables["returns"])

    def handoffs(self) -> list[Row]:
        """Handoffs with the visits at their ends."""
        return [
            {
                **row,
                "first": self.visits[row["journey_id"], row["position"] - 1],
                "second": self.visits[row["journey_id"], row["position"]],
            }
            for row in self.tables["handoffs"]
        ]

    def loops(self) -> list[Row]:
        """Returns with their visits, the team in between and the seconds away."""
        rows = []
        for row in self.tables["returns"]:
            first = self.visits[row["journey_id"], row["from_position"]]
            last = self.visits[row["journey_id"], row["to_position"]]
            via = self.visits[row["journey_id"], row["from_position"] + 1]
            away = max(0, last["arrived_ms"] - first["left_ms"]) / 1000
            rows.append({**row, "first": first, "last": last, "via": via["owner"], "away": away})
        return rows

    def silo_path(self, journey: str) -> list[str] | None:
        """The silos of a journey, neighbours collapsed; None without any."""
        silos = [v["silo"] for v in self.chains.get(journey, []) if v["silo"] is not None]
        return [s for at, s in enumerate(silos) if at == 0 or silos[at - 1] != s] or None
