"""What is kept of the value lost on paths: the table `value_lost`, and what each journey of a found path lost.

Beside `value_lost` it needs the components of `transitions` for the hours that would go if the waits of a path's
handoffs fell to the median (definitions: Value lost on cross-silo paths, delay_removed_h).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from miner.costs.loss_places import Place, place_of, shown
from miner.costs.value_lost import PathLoss, judge, value_lost
from miner.events.engine import Engine
from miner.sql import add, fill, load_saved, save, save_rows
from miner.workspace import Workspace

_READ = ("journeys", "journey_outcomes", "silo_visits", "transitions", "visits")


def find_losses(workspace: Workspace) -> list[tuple[PathLoss, Place | None]]:
    """The paths that can be judged, each found one with the place of its loss.

    Writes `value_lost_journeys`, a row a journey of a found path, for `price`.
    """
    with _opened(workspace) as engine:
        losses = value_lost(engine)
        fill_losses(engine, [(loss.path, loss.corrected, loss.set_aside) for loss in losses if loss.rank])
        add(engine, "value_lost_journeys", "loss_cells")
        save(engine, workspace, "value_lost_journeys")
        return [(loss, place_of(engine, no) if loss.rank else None) for no, loss in enumerate(losses)]


def save_losses(workspace: Workspace, found: list[tuple[PathLoss, Place | None]]) -> None:
    """Write `value_lost`, a row a path, with the delay of its handoffs: after `price`."""
    with _opened(workspace) as engine:
        if found:
            judge(engine)
        rows = _rows(found, _delays(engine, bool(found)), _examples(engine, bool(found)))
        save_rows(workspace, "value_lost", rows)


@contextmanager
def _opened(workspace: Workspace) -> Iterator[Engine]:
    with Engine() as engine:
        load_saved(engine, workspace, *_READ)
        yield engine


def _delays(engine: Engine, found: bool) -> dict[tuple[str, ...], float | None]:
    if not found:
        return {}
    columns = {row[0] for row in engine.rows("DESCRIBE transitions")}
    if not {"delay_cost_s", "handoff_position"} <= columns:
        return {}
    add(engine, "path_delays")
    return {tuple(path): hours for path, hours in engine.rows("SELECT path, delay_h FROM path_delays")}


def _examples(engine: Engine, found: bool) -> dict[tuple[str, ...], list[str]]:
    if not found:
        return {}
    add(engine, "path_examples")
    return {tuple(path): ids for path, ids in engine.rows("SELECT path, examples FROM path_examples")}


def fill_losses(engine: Engine, found: Sequence[tuple[list[str], float | None, list[list[str]]]]) -> None:
    """Fill `found_losses` and `paths_set_aside`: each path, what is left of its loss, what was set aside."""
    fill(engine, "found_losses", [(no, path, corrected) for no, (path, corrected, _) in enumerate(found)])
    fill(engine, "paths_set_aside", [(no, path) for no, (_, _, aside) in enumerate(found) for path in aside])


def _rows(
    found: Sequence[tuple[PathLoss, Place | None]],
    delays: dict[tuple[str, ...], float | None],
    examples: dict[tuple[str, ...], list[str]],
) -> list[dict[str, Any]]:
    return [
        {
            "rank": loss.rank,
            "path": loss.path,
            "journeys": loss.journeys,
            "good": loss.good,
            "expected_good": loss.expected_good,
            "lost_outcomes": loss.lost_outcomes,
            "outcomes_corrected": _corrected(loss.lost_outcomes, loss),
            "outcomes_low": loss.outcomes_low,
            "outcomes_high": loss.outcomes_high,
            "value_lost": loss.value,
            "value_corrected": _corrected(loss.value, loss),
            "low": loss.low,
            "high": loss.high,
            "value_compared": loss.value_compared,
            "value_left_out": loss.value_left_out,
            "p": loss.p,
            "delay_removed_h": delays.get(tuple(loss.path)),
            "set_aside": loss.set_aside,
            "rivals": loss.rivals,
            **shown(place),
            "examples": examples.get(tuple(loss.path), []),
        }
        for loss, place in found
    ]


def _corrected(size: float | None, loss: PathLoss) -> float | None:
    return None if size is None or loss.corrected is None else size * loss.corrected
