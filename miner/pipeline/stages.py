"""The stages of a run. What a stage needs and what it makes are the types of its function."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

from miner.pipeline.job import Job
from miner.pipeline.made import Costs, Findings, LoadedGraph, Made, Models, Page, Saved, Tables
from miner.pipeline.measuring import measure
from miner.pipeline.reading import read
from miner.pipeline.results import query
from miner.pipeline.stitching import stitch


def cost(job: Job, tables: Tables) -> Costs:
    """The Fragmentation Cost: hours always, money with rates; and what is computed beside it."""
    from miner.costs import price
    from miner.costs.information import save_information
    from miner.costs.losses import find_losses, save_losses
    from miner.costs.path_times import save_path_times
    from miner.kpis import save_kpis
    from miner.outcomes import save_outcomes

    workspace, settings = tables.workspace, job.settings
    save_outcomes(workspace, settings.good)
    losses = find_losses(workspace)
    price(workspace, settings.rates)
    save_information(workspace, settings.rates)
    save_losses(workspace, losses)
    save_path_times(workspace)
    save_kpis(workspace, settings.good, settings.targets, settings.tiers)
    return Costs(workspace)


def model(tables: Tables) -> Models:
    """Process models from the directly-follows graph."""
    from miner.models import discover

    discover(tables.workspace)
    return Models(tables.workspace)


def graph(job: Job, costs: Costs) -> LoadedGraph:
    """The graph of interactions, in the engine that was asked for."""
    where = job.settings.graph
    if where == "embedded":
        from miner.graph.embedded import build

        build(costs.workspace, agents=job.settings.agents)
    elif where != "none":
        from miner.graph.neo4j import load, login

        load(costs.workspace, job.server or login(where), agents=job.settings.agents, progress=job.progress.count)
    return LoadedGraph(costs.workspace)


def report(tables: Tables, costs: Costs, models: Models, findings: Findings) -> Page:
    """The page a person opens."""
    from miner.report import write

    write(findings.workspace)
    return Page(findings.workspace)


@dataclass(frozen=True)
class Stage:
    """A step of a run: its function, and the types that it needs and makes."""

    work: Callable[..., Made]
    needs: tuple[type[Made], ...]
    makes: type[Made]
    for_job: bool  # whether the function takes the job first

    @property
    def name(self) -> str:
        """As in --until and in manifest.json."""
        return self.work.__name__

    @property
    def is_saved(self) -> bool:
        """Whether what it makes can be opened again by a later run."""
        return issubclass(self.makes, Saved)


@cache
def stages() -> tuple[Stage, ...]:
    """All stages, each after those that make what it needs."""
    declared = [_stage(work) for work in (read, stitch, measure, cost, model, graph, query, report)]
    return in_order(declared)


def _stage(work: Callable[..., Made]) -> Stage:
    types = typing.get_type_hints(work)
    needs = tuple(types[name] for name in inspect.signature(work).parameters)
    return Stage(work, tuple(need for need in needs if need is not Job), types["return"], Job in needs)


def in_order(declared: Iterable[Stage]) -> tuple[Stage, ...]:
    """Stages sorted by what they need of each other; CycleError where they need each other in a circle."""
    by_type = {stage.makes: stage for stage in declared}
    needed = {stage: [by_type[need] for need in stage.needs] for stage in by_type.values()}
    return tuple(TopologicalSorter(needed).static_order())
