"""Stages say by their types what they need and make; the runner orders them, and lets go of what nobody needs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from graphlib import CycleError
from pathlib import Path
from typing import Any

import pytest

from miner.cli import run as command
from miner.graph.neo4j import Login
from miner.pipeline import Settings, run, stages
from miner.pipeline.job import Job
from miner.pipeline.made import Made
from miner.pipeline.runner import Results
from miner.pipeline.settings import STAGES
from miner.pipeline.sources import Sources
from miner.workspace import Workspace
from tests.pipeline.made import csv_log


@dataclass(frozen=True)
class Flour(Made):
    """Made of nothing, and closed where nobody needs it any more."""

    events: list[str] = field(default_factory=list)

    def keep(self, job: Job) -> None:
        self.events.append("kept")

    def close(self) -> None:
        self.events.append("closed")


@dataclass(frozen=True)
class Bread(Made):
    """Made of flour."""

    flour: Flour


def mill(job: Job) -> Flour:
    """Needs the job alone."""
    return Flour()


def bake(flour: Flour) -> Bread:
    """Needs flour."""
    return Bread(flour)


def test_the_stages_are_in_the_order_in_which_until_names_them() -> None:
    """What stages need of each other gives the order of the contract."""
    assert tuple(stage.name for stage in stages.stages()) == STAGES
    for at, stage in enumerate(stages.stages()):
        before = {earlier.makes for earlier in stages.stages()[:at]}
        assert set(stage.needs) <= before


def test_stages_are_ordered_by_what_they_need() -> None:
    """Whichever is declared first, flour is milled before bread is baked."""
    declared = [stages._stage(bake), stages._stage(mill)]
    assert [stage.name for stage in stages.in_order(declared)] == ["mill", "bake"]
    assert declared[0].needs == (Flour,) and declared[0].makes is Bread and not declared[0].is_saved


def test_stages_that_need_each_other_are_refused() -> None:
    """A circle of needs is an error of the program, found before anything runs."""
    milling, baking = stages._stage(mill), stages._stage(bake)
    with pytest.raises(CycleError):
        stages.in_order([replace(milling, needs=(Bread,)), baking])


def test_a_result_is_closed_after_the_last_stage_that_needs_it(tmp_path: Path) -> None:
    """It stays open while a stage that needs it waits, and is closed once."""
    milling, baking = stages._stage(mill), stages._stage(bake)
    with Results(Job(Workspace(tmp_path), Sources([], [], Settings()))) as results:
        results.add(milling)
        results.close_unneeded([baking])
        results.keep()
        results.add(baking)
        flour = results._made[Bread].flour  # type: ignore[attr-defined]
        assert flour.events == ["kept"]
        results.close_unneeded([])
        assert flour.events == ["kept", "closed"]
    assert flour.events == ["kept", "closed"]


@pytest.mark.parametrize(("until", "again"), [("stitch", ["read", "stitch"]), ("measure", []), ("cost", [])])
def test_what_is_not_saved_is_made_again_only_where_it_is_needed(tmp_path: Path, until: str, again: list[str]) -> None:
    """A run up to a stage whose result lives in memory is done anew; what is saved is not."""
    log, told = str(csv_log(tmp_path / "log.csv")), []

    class Heard:
        def stage(self, name: str) -> None:
            told.append(name)

        def __getattr__(self, _: str) -> Any:
            return lambda *_: None

    run([log], tmp_path / "w", Settings(until=until))
    run([log], tmp_path / "w", Settings(until=until), Heard())  # type: ignore[arg-type]
    assert told == again
    assert (tmp_path / "w" / "quality.json").is_file()


def test_a_login_is_handed_on_and_not_left_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password that was asked for reaches the run as a value: processes that it starts do not inherit it."""
    server, handed = Login("neo4j://localhost", "neo4j", "secret"), []
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    monkeypatch.setattr("miner.cli.load.login_of", lambda uri, database: server)
    monkeypatch.setattr("miner.graph.neo4j.reach", lambda login: None)
    monkeypatch.setattr(
        "miner.pipeline.runner.run", lambda *given: handed.append(given[-1]) or Workspace(tmp_path / "none")
    )
    command.run(
        sources=["log.csv"],
        output=tmp_path / "w",
        as_json=False,
        quiet=True,
        **{**dict.fromkeys(_options()), "graph": server.uri},
    )
    assert handed == [server] and "NEO4J_PASSWORD" not in os.environ


def _options() -> list[str]:
    import inspect

    return [name for name in inspect.signature(command.run).parameters if name not in ("sources", "output")][:-2]
