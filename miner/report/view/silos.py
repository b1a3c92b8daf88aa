"""What falls through the cracks? The flow between silos, and the paths by what is lost on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict, cast

from miner.events.engine import Engine
from miner.report import words
from miner.report.tables import has
from miner.report.view.base import Column, Table
from miner.report.view.flows import Flow, flow
from miner.summary import Summary

_MOST, _RIVALS = 12, 2


class Path(TypedDict):
    """A row of `value_lost` (docs/workspace.md): a path across silos that was judged, `rank` where it loses value."""

    path: list[str]
    rank: int | None
    journeys: int
    good: int
    expected_good: float
    value_lost: float | None
    value_corrected: float | None
    low: float | None
    high: float | None
    outcomes_corrected: float
    outcomes_low: float | None
    outcomes_high: float | None
    p: float
    place_by: str | None
    place_value: str | None
    place_good: int
    place_journeys: int
    place_expected: float
    rivals: list[list[str]] | None
    delay_removed_h: float | None
    examples: list[str]


@dataclass(frozen=True, slots=True)
class Loss:
    """A path on which more value is lost than chance explains: what is said of it, and journeys that show it."""

    sentence: str
    certain: str
    value: float | None
    share: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silos:
    """The picture (None where no journey changes silo), the paths found, and all paths that were judged."""

    sentence: str
    flow: Flow | None
    lost_sentence: str
    losses: tuple[Loss, ...]
    pairs: Table
    paths: Table


_PAIRS = """
SELECT from_silo, to_silo, count(*), count(DISTINCT journey_id), total(own_wait_s), nearest50(own_wait_s),
       nearest95(own_wait_s)
FROM handoffs WHERE crosses_silo GROUP BY 1, 2 ORDER BY 5 DESC, 1, 2 LIMIT 30
"""
_PAIR_COLUMNS = (
    Column("From"),
    Column("To"),
    Column("Handoffs", "count"),
    Column("Journeys", "count"),
    Column("Time waited", "hours"),
    Column("Median", "duration"),
    Column("95 % within", "duration"),
)
_PATH_COLUMNS = (
    Column("Path"),
    Column("Found"),
    Column("Journeys with a known outcome", "count"),
    Column("Ended well", "percent"),
    Column("Expected", "percent"),
    Column("Value lost", "count"),
    Column("At least", "count"),
    Column("At most", "count"),
    Column("Avoidable delay", "hours"),
)


def silos(engine: Engine, summary: Summary) -> Silos:
    """From silo_visits, handoffs and value_lost."""
    shown = flow(engine) if has(engine, "silo_visits") else None
    pairs = Table(
        "silo-pairs",
        _PAIR_COLUMNS,
        tuple((words.label(a), words.label(b), *numbers) for a, b, *numbers in engine.rows(_PAIRS)),
    )
    rows = _paths(engine) if has(engine, "value_lost") else []
    most = max((row["value_corrected"] or row["outcomes_corrected"] for row in rows if row["rank"]), default=0.0)
    losses = tuple(_loss(row, most) for row in rows if row["rank"])
    return Silos(
        _sentence(shown, summary),
        shown,
        _lost(rows, losses),
        losses,
        pairs,
        Table("paths", _PATH_COLUMNS, tuple(map(_row, rows[: max(_MOST, len(losses))]))),
    )


def _paths(engine: Engine) -> list[Path]:
    cursor = engine.run(
        "SELECT * FROM value_lost ORDER BY rank NULLS LAST, value_lost DESC NULLS LAST, lost_outcomes DESC"
    )
    names = [column[0] for column in cursor.description or ()]
    return [cast(Path, dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _sentence(shown: Flow | None, summary: Summary) -> str:
    if shown is None:
        return (
            "No journey crosses silos, or the log does not assign teams to silos: give a file with the columns "
            "team and silo (--silos FILE.csv)."
        )
    crossing, all_of_them = summary["cross_silo_handoffs"] or 0, summary["handoffs"] or 0
    return (
        f"{words.of(crossing, all_of_them, 'handoffs')} cross silos. Read the picture from left "
        "to right: where journeys begin and which silo takes them next."
    )


def _lost(rows: list[Path], losses: tuple[Loss, ...]) -> str:
    if not rows:
        return (
            "Finding losses on paths across silos requires journeys with an outcome: map its column with "
            "--map outcome=COLUMN, and --map value=COLUMN for the value of a journey."
        )
    if not losses:
        return (
            f"{words.plural(len(rows), 'path')} across silos could be judged, and none ends worse than journeys "
            "with the same intent, beyond chance."
        )
    return (
        f"Of {words.plural(len(rows), 'path')} across silos that could be judged, "
        f"{'one' if len(losses) == 1 else len(losses)} "
        f"{'ends' if len(losses) == 1 else 'end'} worse than journeys with the same intent, beyond chance. "
        "This is an association: it shows where to look, not why."
    )


def _loss(row: Path, most: float) -> Loss:
    path = " → ".join(words.label(silo) for silo in row["path"])
    good = words.percent(row["good"], row["journeys"])
    expected = words.percent(row["expected_good"], row["journeys"])
    size, outcomes = row["value_corrected"], row["outcomes_corrected"]
    lost = f"about {words.number(outcomes)} good outcomes" if size is None else f"about {words.number(size)} in value"
    low, high = (row["outcomes_low"], row["outcomes_high"]) if size is None else (row["low"], row["high"])
    certain = _where(row) + f"Between {words.number(low)} and {words.number(high)} (95 %). "
    certain += f"Chance alone would show this in fewer than {words.decimal(max(0.1, 100 * row['p']))} of 100 such logs."
    return Loss(
        words.bound(
            f"{path}: {good} of {words.number(row['journeys'])} journeys ended well, {expected} of journeys "
            f"with the same intent did elsewhere. That is {lost}."
        ),
        certain,
        size,
        (size if size is not None else outcomes) / most if most else 0.0,
        tuple(row["examples"]),
    )


def _where(row: Path) -> str:
    """The channel or intent on which the loss lies, and paths that the log does not tell apart from this one."""
    told = ""
    if row["place_by"] is not None:
        told = (
            f"The loss is on the {row['place_by']} {words.label(row['place_value'])}: "
            f"{words.percent(row['place_good'], row['place_journeys'])} of "
            f"{words.number(row['place_journeys'])} ended well there instead of "
            f"{words.percent(row['place_expected'], row['place_journeys'])}; "
            "elsewhere no loss is shown. "
        )
    if row["rivals"]:
        others = " or ".join(" → ".join(map(words.label, path)) for path in row["rivals"][:_RIVALS])
        told += f"This log cannot tell whether the loss is on this path or on {others}. "
    return told


def _row(row: Path) -> tuple[Any, ...]:
    n, delay = row["journeys"], row["delay_removed_h"]
    lost = row["value_lost"] if row["value_corrected"] is None else row["value_corrected"]
    return (
        " → ".join(words.label(silo) for silo in row["path"]),
        "beyond chance" if row["rank"] else "no",
        n,
        row["good"] / n,
        row["expected_good"] / n,
        lost,
        row["low"],
        row["high"],
        None if delay is None else delay * 3600,
    )
