"""Where each number of a sentence on the page comes from: the query that gives it, run again here.

A sentence is known by its place in the view. Its numbers must all be among the values of its queries, in one of the
forms in which people say such a value; a number that no query gives is not proved.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from math import floor
from typing import Any

import duckdb
from scipy.stats import binomtest

from miner.findings.tables import tables_of
from miner.findings.waits import slow
from miner.graph import Graph, ask_library
from miner.report import words
from miner.wording import spoken
from miner.workspace import Workspace

# Numbers that are no measurement: what an interval promises, how a percentile is said, hours of a clock, examples.
_FIXED = re.compile(
    r"95 % interval|\(95 %\)|of 100 such logs|one in twenty|from \d+ to \d+ o’clock|doi \S+|"
    r"et al\. \d+|n = |[“\u2068][^”\u2069]*[”\u2069]"
)
_UNIT = r" (?:%|hours?|d|h|min|s)(?!\w)(?: \d+ (?:h|min|s)(?!\w))?"
_NUMBER = re.compile(rf"(?:under |over )?(?<![\w.])\d[\d,]*(?:\.\d+)?(?:{_UNIT})?")
SENTENCES = ("sentence", "title", "base", "certain", "lost_sentence", "heat_sentence", "sides_sentence", "sure")

# SQL over the tables of a workspace, by the part of the page that its values stand in. The columns `part` and `whole`
# are said as a share.
_CONTACTS = "(SELECT conversation_id, max(customer) AS customer FROM interactions WHERE kind = 'contact' GROUP BY 1)"
_PARTS = ("work", "rework", "hold", "customer_wait", "queue_wait", "handoff_wait", "off_hours", "between", "tail")
_COST = ("delay", "handoff", "rework", "information_gap", "system_boundary", "context_shift", "repeat_contact")
_ALTERNATED = """SELECT p.journey_id, p.owner_a, p.owner_b, sum(h.own_wait_s) AS s, any_value(p.bounces) AS bounces
  FROM pingpongs p JOIN handoffs h ON h.journey_id = p.journey_id AND h.position > p.first_position
  AND h.position <= p.last_position GROUP BY p.journey_id, p.owner_a, p.owner_b, p.first_position"""
SQL: dict[str, tuple[str, ...]] = {
    "headline": (
        f"SELECT count(customer), count(DISTINCT customer), count(*), count(*) - count(customer) FROM {_CONTACTS}",
        "SELECT count(*), count(DISTINCT customer), sum(events) FROM journeys",
        *(
            f"SELECT count(*), count(DISTINCT customer) FROM journeys {how} JOIN (SELECT journey_id FROM interactions "
            "WHERE kind = 'contact') USING (journey_id)"
            for how in ("SEMI", "ANTI")
        ),
        f"SELECT count(DISTINCT customer) FROM journeys ANTI JOIN {_CONTACTS} USING (customer)",
        "SELECT count(DISTINCT journey_id) AS part, (SELECT count(*) FROM journeys) AS whole FROM handoffs",
        "SELECT count(DISTINCT journey_id) AS part, (SELECT count(*) FROM journeys) AS whole FROM returns",
        "SELECT count(*), count(DISTINCT journey_id) FROM pingpongs",
    ),
    "time": (
        *(
            f"SELECT sum({part}_s) AS part, "
            "(SELECT sum(epoch_us(ended_at) - epoch_us(started_at)) / 1e6 FROM journeys) AS whole FROM transitions"
            for part in _PARTS
        ),
    ),
    "silos": ("SELECT count(*) FILTER (WHERE crosses_silo) AS part, count(*) AS whole FROM handoffs",),
    "cost": ('SELECT count(*), least(10, count(*)) FROM cost_rollups WHERE cost_s > 0 GROUP BY "by"',),
    "loops": (
        f"SELECT count(DISTINCT journey_id) AS part, (SELECT count(*) FROM journeys) AS whole FROM ({_ALTERNATED})",
        f"SELECT sum(s) FROM ({_ALTERNATED})",
        f"SELECT count(DISTINCT journey_id), sum(s) FROM ({_ALTERNATED}) "
        "GROUP BY least(owner_a, owner_b), greatest(owner_a, owner_b)",
    ),
    "reading": (
        "SELECT count(*), count(DISTINCT source) FROM events",
        "SELECT day(min(started_at)), day(max(ended_at)), year(min(started_at)), year(max(ended_at)) FROM events",
    ),
    "people": (
        "SELECT count(DISTINCT conversation_id), customer_type = 'machine' FROM interactions WHERE kind = 'contact' "
        "GROUP BY 2",
        "SELECT value, n FROM contact_measures",
    ),
    "information": tuple(
        f"SELECT count(*) FILTER ({name}) AS part, count({name}) AS whole FROM information"
        for name in ("blind", "no_note")
    ),
    "fixes": ("SELECT count(*) FROM journeys",),
}
_MACHINES = """SELECT count(*), count(DISTINCT interactions.journey_id),
  count(DISTINCT interactions.customer), count(*) FILTER (has_human)
  FROM interactions JOIN contacts USING (interaction_id) WHERE interactions.customer_type = 'machine'"""
_SHARED = {"abandonment": ("gave_up_share", "queued"), "false_containment": ("back_share", "known")}
_EXCESS = "SELECT setup_excess_s AS s FROM information WHERE setup_excess_s IS NOT NULL"
_SPREADS = (
    "SELECT (epoch_us(ended_at) - epoch_us(started_at)) / 1e6 FROM journeys",
    "SELECT own_wait_s FROM handoffs",
)


def sentences(part: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of every sentence of a view."""
    if dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from sentences(getattr(part, field.name), f"{place}.{field.name}")
    elif isinstance(part, tuple):
        for number, one in enumerate(part):
            yield from sentences(one, f"{place}[{number}]")
    elif isinstance(part, str) and place.rsplit(".", 1)[-1].split("[")[0] in SENTENCES:
        yield place, part


def numbers(text: str, names: Iterable[str] = ()) -> list[str]:
    """The numbers of a sentence, with their units; those in names are none."""
    plain = text.replace("\u00a0", " ")
    for name in sorted(names, key=len, reverse=True):
        plain = plain.replace(name, " ")
    plain = _FIXED.sub(" ", plain)
    return [match[0].strip() for match in _NUMBER.finditer(plain)]


def said(value: float) -> set[str]:
    """The ways in which a value may stand in a sentence: as a count, a share, a time in seconds or in hours."""
    share, length = 100 * value, abs(value)
    forms = {
        f"{value:,.0f}",
        f"{value:,.1f}",
        f"{value:.0f}",
        f"{share:.0f} %",
        f"{share:.1f} %",
        f"{share:.1f}",
        f"{floor(100 * share) / 100:.2f} %",
        words.percent(value, 1),
        spoken(length),
        words.duration(length),
        words.hours(length),
    }
    return {form.replace("\u00a0", " ") for form in forms}


def values(rows: Iterable[dict[str, Any]]) -> set[str]:
    """All that rows of a query may be said as; the columns part and whole, or any two counts, also as a share."""
    found: set[str] = set()
    for row in rows:
        known = {k: float(v) for k, v in row.items() if isinstance(v, int | float) and not isinstance(v, bool)}
        for value in known.values():
            found |= said(value)
        if row.get("whole"):
            found |= {words.percent(known["part"], known["whole"]).replace("\u00a0", " ")}
    return found


class Proofs:
    """The queries of a workspace, run again."""

    def __init__(self, workspace: Workspace, graph: Graph):
        self._workspace, self._graph = workspace, graph
        self._sql = duckdb.connect()
        for name in workspace.tables():
            self._sql.execute(f"CREATE VIEW {name} AS FROM read_parquet('{workspace.table_path(name)}')")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a statement over the tables."""
        cursor = self._sql.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def page(self, part: str) -> set[str]:
        """What sentences of a part of the page may say."""
        found: set[str] = set()
        for sql in SQL.get(part, ()):
            found |= values(self.rows(sql))
        if part in ("headline", "cost"):
            found |= self._cost()
        if part == "time":
            found |= self._spreads() | self._queues()
        if part == "silos":
            found |= self._losses()
        if part == "information":
            excess = sorted(row["s"] for row in self.rows(_EXCESS))
            found |= said(len(excess)) | (said(excess[(len(excess) + 1) // 2 - 1]) if excess else set())
        return found

    def finding(self, finding: dict[str, Any]) -> set[str]:
        """What a finding may say: the rows of its query, those of its weekdays, and its test, all made again."""
        rows = ask_library(self._graph, finding["query"], finding["params"]).records()
        found = values([*rows, {key: finding[key] for key in ("n", "journeys")}])
        teams = finding["where"].get("teams") or []
        if finding["kind"] == "bottleneck" and teams:
            found |= self._weekdays(teams[0])
            with tables_of(self._workspace) as tables:
                more = slow(tables.arrow("waits")).get(teams[0])
            if more is not None:
                found |= values([{"c": more.corrected, "l": more.low, "h": more.high, "n": more.compared}])
        if finding["kind"] == "value_loss":
            found |= self._losses(finding["where"]["path"])
        if finding["kind"] in _SHARED:
            share, whole = _SHARED[finding["kind"]]
            for row in (row for row in rows if row[whole]):
                of = binomtest(round(row[share] * row[whole]), row[whole])
                interval = of.proportion_ci(method="wilson")
                found |= values([{"share": of.statistic, "low": interval.low, "high": interval.high}])
        if finding["kind"] == "machine_customers":
            found |= values([{"n": len(rows)}, *self.rows(_MACHINES)])
        return found

    def _losses(self, path: list[str] | None = None) -> set[str]:
        """What is said of paths on which value is lost: all of them, or one."""
        if "value_lost" not in self._workspace.tables():
            return set()
        rows = self.rows("SELECT * FROM value_lost")
        found = said(len(rows))
        for row in rows:
            if path is None or list(row["path"]) == path:
                shares = ((row[name], row["journeys"]) for name in ("good", "expected_good"))
                hours = {"hours": 3600 * (row["delay_removed_h"] or 0)}
                found |= values([row, hours, *({"part": part, "whole": whole} for part, whole in shares)])
        return found

    def _weekdays(self, team: str) -> set[str]:
        rows = ask_library(self._graph, "bottlenecks/team_queue_by_weekday", {"team": team}).records()
        whole = sum(row["began_s_total"] for row in rows)
        parts = (row[name] for row in rows for name in ("began_s_total", "waiting_s_total"))
        return values({"part": part, "whole": whole} for part in parts)

    def _cost(self) -> set[str]:
        columns = {row["column_name"] for row in self.rows("DESCRIBE transitions")}
        parts = [f"{part}_cost_s" for part in _COST if f"{part}_cost_s" in columns]
        sums = self.rows(f"SELECT {', '.join(f'sum({p}) AS {p}' for p in parts)} FROM transitions")[0] if parts else {}
        known = {name: value for name, value in sums.items() if value is not None}
        people = sum(value for name, value in known.items() if name != "delay_cost_s")
        return values([known, {"all": sum(known.values()), "people": people}])

    def _spreads(self) -> set[str]:
        found: set[str] = set()
        for sql in _SPREADS:
            lengths = sorted(next(iter(row.values())) for row in self.rows(sql))
            for percent in (50, 95):
                found |= said(lengths[(percent * len(lengths) + 99) // 100 - 1]) if lengths else set()
        return found

    def _queues(self) -> set[str]:
        rows = ask_library(self._graph, "bottlenecks/team_queues", {"limit": 1000}).records()
        whole = sum(row["wait_s_total"] for row in rows)
        found = values([*rows, *({"part": row["wait_s_total"], "whole": whole} for row in rows)])
        found |= values([{"part": sum(r["gave_up"] for r in rows), "whole": sum(r["queued"] for r in rows)}])
        for row in rows:
            found |= self._weekdays(row["team"])
            hours = ask_library(self._graph, "bottlenecks/team_queue_by_weekday_hour", {"team": row["team"]}).records()
            found |= values({"began": hour["began_s_total"]} for hour in hours)
        return found
