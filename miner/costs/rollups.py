"""What the components add up to: by path, team pair, channel, customer and other groups, and in all."""

from __future__ import annotations

from typing import Any

from miner.costs.compute import make
from miner.errors import UsageError
from miner.events.engine import Engine
from miner.summary import COMPONENTS, TIMED
from miner.workspace import Workspace

# What a roll-up groups by: the columns of `attributed`, and the names they get.
BY = {
    "journey": ("journey",),
    "path": ("path",),
    "team": ("from_team", "to_team"),
    "silo": ("from_silo", "to_silo"),
    "channel": ("channel",),
    "intent": ("intent",),
    "customer_type": ("customer_type",),
    "region": ("region",),
    "week": ("week",),
    "total": (),
}
# What is counted in handling time: unknown for a group in which nothing has any (definitions: unknown is null).
HANDLING = ("handoff", "rework", "information_gap", "repeat_contact")
KEPT = ("path", "team", "silo", "channel", "intent", "customer_type", "region", "week")  # saved in `cost_rollups`


def attribute(engine: Engine, workspace: Workspace) -> None:
    """Make the table `attributed`, after `take`."""
    path = "'" + str(workspace.table_path("visits")).replace("'", "''") + "'"
    engine.run(
        "CREATE OR REPLACE TABLE cost_visits AS SELECT j.journey_id, v.position, v.owner, v.silo "
        f"FROM read_parquet({path}) v JOIN cost_journeys j ON j.name = v.journey_id"
    )
    make(engine, "paths")
    make(engine, "attributed")


def rollup(by: str) -> str:
    """SQL that sums `priced` by one of BY, most hours first; `_us` and `_um` are integers that add up exactly.

    Columns: what it is by, transitions, journeys, then `{component}_us`, cost_us, `{component}_um`, cost_um,
    unpriced_us. A null component is not computed; cost_us and cost_um are the sums of what is; unpriced_us is the part
    of cost_us that cost_um leaves out. Money of which only unpriced hours are known is null, and a component of
    handling time where no transition of the group has any. UsageError for another word.
    """
    if by not in BY:
        raise UsageError(f"no roll-up by {by!r}", fix=f"by is one of: {' '.join(BY)}")
    keys = BY[by]
    shown = "".join(f"{_key(key)} AS {key}, " for key in keys)
    hours = [f"{name}_us" for name in TIMED]
    money = [f"{name}_um" for name in COMPONENTS]
    known = [f"{_known(_sum(name), _unpriced([name.removesuffix('_um')]))} AS {name}" for name in money]
    sums = ", ".join([*(f"CAST({_sum(name)} AS BIGINT) AS {name}" for name in hours), *known])
    order = ", ".join(["cost_us DESC", *(f"{key} NULLS FIRST" for key in keys)])
    # A path is its number until it is shown: as a text it can be as long as its journey, in every row of it.
    named = "SELECT path_no, any_value(path) AS name FROM paths GROUP BY path_no"
    opening, closing = "SELECT * FROM (", ") rolled"
    if by == "path":
        opening = "SELECT n.name AS path, rolled.* EXCLUDE (path) FROM ("
        closing += f" LEFT JOIN ({named}) n ON n.path_no = rolled.path"
    return (
        f"{opening}SELECT {shown}count(*) AS transitions, count(DISTINCT p.journey_id) AS journeys, {sums}, "
        f"{_whole(hours)} AS cost_us, {_known(_whole(money), _unpriced([*TIMED]))} AS cost_um, "
        f"CAST({_unpriced([*TIMED])} AS BIGINT) AS unpriced_us "
        "FROM priced p JOIN attributed a ON a.journey_id = p.journey_id AND a.seq = p.seq"
        + (f" GROUP BY {', '.join(_key(key) for key in keys)}" if keys else "")
        + f"{closing} ORDER BY {order}"
    )


def _key(name: str) -> str:
    return {"week": "a.week_us", "path": "a.path_no"}.get(name, f"a.{name}")


def _unpriced(names: list[str]) -> str:
    """The microseconds of components whose money is unknown though they are known; 0 where there are none."""
    return (
        " + ".join(
            f"coalesce(sum(p.{name}_us) FILTER (WHERE p.{name}_um IS NULL), 0)" for name in names if name in TIMED
        )
        or "0"
    )


def _known(money: str, unpriced: str) -> str:
    """A sum of money; null where it is nothing but hours without a price."""
    return f"CAST(CASE WHEN {money} <> 0 OR {unpriced} = 0 THEN {money} END AS BIGINT)"


def _sum(column: str) -> str:
    return f"CASE WHEN {_count(column)} > 0 THEN sum(p.{column}) END"


def _count(column: str) -> str:
    """How many values of a column are known; none of a component of handling time in a group without any."""
    there = f"count(p.{column})"
    if column.removesuffix("_us").removesuffix("_um") not in HANDLING:
        return there
    # A repeat contact with a price costs that, whether its handling time is known or not.
    priced = " OR (SELECT bool_or(by_contact) FROM assumed)" if column == "repeat_contact_um" else ""
    return f"CASE WHEN count(p.handled_us) > 0{priced} THEN {there} ELSE 0 END"


def _whole(names: list[str]) -> str:
    """The sum of several columns over all rows; null where all are."""
    there = " + ".join(_count(name) for name in names)
    added = " + ".join(f"coalesce(sum(p.{name}), 0)" for name in names)
    return f"CAST(CASE WHEN {there} > 0 THEN {added} END AS BIGINT)"


def saved_select() -> str:
    """SQL of the table `cost_rollups`: the roll-ups of KEPT one after the other, hours in seconds."""
    parts: list[str] = []
    for by in KEPT:
        keys = BY[by]
        names = [f"CAST({_saved_key(key)} AS VARCHAR)" for key in keys]
        first, second = (names[0], names[1]) if len(names) == 2 else ("CAST(NULL AS VARCHAR)", names[0])
        columns = ", ".join(
            [f"{name}_us / 1e6 AS {name}_cost_s" for name in TIMED]
            + ["cost_us / 1e6 AS cost_s"]
            + [f"{name}_um / 1e6 AS {name}_money" for name in COMPONENTS]
            + ["cost_um / 1e6 AS money", "unpriced_us / 1e6 AS unpriced_s"]
        )
        parts.append(
            f"SELECT {len(parts)} AS part, '{by}' AS \"by\", {first} AS from_name, {second} AS name, transitions, "
            f"journeys, {columns} FROM ({rollup(by)}) r"
        )
    return (
        f"SELECT * EXCLUDE (part) FROM ({' UNION ALL '.join(parts)}) parts "
        "ORDER BY part, cost_s DESC NULLS LAST, from_name NULLS FIRST, name NULLS FIRST"
    )


def _saved_key(key: str) -> str:
    return "strftime(make_timestamp(week), '%Y-%m-%d')" if key == "week" else key


def rows(engine: Engine, by: str) -> list[dict[str, Any]]:
    """The rows of a roll-up as dicts, times and money as integers."""
    cursor = engine.run(rollup(by))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
