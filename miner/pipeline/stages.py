"""What each stage does: thin steps over the rooms they belong to."""

from __future__ import annotations

import csv
import difflib
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from miner.errors import Problem, UsageError
from miner.events.engine import Engine
from miner.events.export import harmless
from miner.events.sink import EXAMPLES, Sink
from miner.pipeline.settings import is_named
from miner.pipeline.state import Run


def read(run: Run) -> None:
    """All sources into the engine; raises InputError before anything is written."""
    from miner.pipeline.reconcile import reconcile
    from miner.readers import readers
    from miner.readers.reading import read_all

    def tell(name: str, done: int, total: int) -> None:
        run.progress.detail(name)
        run.progress.count(done, total, "bytes")

    run.engine = Engine()
    run.sink = Sink(run.engine, run.progress.rows, keep_text=run.settings.text == "use")
    if run.sink.keep_text:  # what does not fit into memory is on disk for a while, and nobody's to read
        run.engine.run("SET temp_file_encryption = true")
    found = read_all(run.sources.files, run.settings.options_for, run.sink, tell)
    run.reports, run.passed_over = found.reports, [*run.sources.passed_over, *found.passed_over]
    _check_records(run)
    own_exports = [readers()[report.reader].LINKED for report in run.reports]
    if any(own_exports):
        _ask_of_records(run, own_exports)
    reconcile(run.engine, run.settings.owners)
    run.linked = run.settings.journeys == "linked" or (run.settings.journeys is None and any(own_exports))


def _check_records(run: Run) -> None:
    """UsageError where --records names what is no source: its cases would be contacts without a word."""
    files = [report.file for report in run.reports]
    for name in run.settings.records:
        if not any(is_named(file, name) for file in files):
            raise UsageError(f"--records {name}: no such source", fix=f"sources are: {', '.join(files[:9])}")


def _ask_of_records(run: Run, own_exports: list[bool]) -> None:
    """Note plain logs beside systems' exports that name no channel: their cases may be orders and no contacts."""
    for report, is_own_export in zip(run.reports, own_exports, strict=True):
        if not is_own_export and "channel" not in report.columns and run.settings.options_for(report.file).kind is None:
            run.sink.source = report.file
            run.sink.note(
                "assumed_contacts",
                "its cases count as customer contacts; if they are orders, "
                f"shipments or other records, use --records {report.file}",
            )


def quality(run: Run) -> dict[str, Any]:
    """What was read, rejected, repaired and assumed, as quality.json has it."""
    from miner.pipeline import private
    from miner.pipeline.reconcile import reconciled

    private.hide(run)
    columns = ("source", "line", "column", "value", "reason")
    rows = run.engine.rows(f"SELECT * FROM rejects ORDER BY source, line NULLS LAST LIMIT {EXAMPLES}")
    notes = [asdict(note) for note in run.sink.notes]
    return {
        "sources": [asdict(report) for report in run.reports],
        "passed_over": run.passed_over,
        "rejects": {
            "count": int(sum(run.sink.rejected.values())),
            "examples": [dict(zip(columns, row, strict=True)) for row in rows],
        },
        "notes": notes,
        "assumptions": [n["message"] for n in notes if n["kind"].startswith("assumed")],
        "journeys": "linked" if run.linked else "case",
        "privacy": private.privacy(run),
        "reconciled": reconciled(run.engine),
    }


def write_quality(run: Run) -> dict[str, Any]:
    """What the contract keeps of reading: quality.json and rejects.csv."""
    found = quality(run)
    run.workspace.write("rejects.csv", lambda path: _write_rejects(run.engine, path))
    run.workspace.write_json("quality.json", found)
    return found


def stitch(run: Run) -> None:
    """Interactions into journeys, people into pseudonyms."""
    from miner.pipeline import private
    from miner.pipeline.teams import tell_absent

    _check_ends(run)
    tell_absent(run.sink, "silos", run.settings.silos)
    tell_absent(run.sink, "tiers", run.settings.tiers)
    run.owner_level = private.stitch(run)


def _check_ends(run: Run) -> None:
    """UsageError where --ends names what no event is called."""
    if not run.settings.ends:
        return
    rows = run.engine.rows("SELECT DISTINCT activity FROM raw_events WHERE activity IS NOT NULL")
    names = {name.lower(): name for (name,) in rows}
    problems = []
    for name in run.settings.ends:
        if name.lower() not in names:
            near = difflib.get_close_matches(name.lower(), names, 1)
            problems.append(
                Problem(
                    f"--ends {name}: no activity is called that",
                    fix=(f"did you mean {names[near[0]]!r}?" if near else "list them with: miner inspect SOURCE"),
                )
            )
    if problems:
        raise UsageError(problems)


def measure(run: Run) -> None:
    """The measures, and everything that the contract keeps of reading and measuring."""
    from miner import measures
    from miner.costs.compute import COMPONENTS
    from miner.costs.information import TABLE, compare_texts, place_texts, saved_texts
    from miner.pipeline.closing import ask_of_closing
    from miner.pipeline.summary import by_probability, headline
    from miner.sql import save

    how: dict[str, Any] = {
        "calendars": run.settings.calendar,
        "tz": run.settings.tz,
        "good": run.settings.good,
        "ends": run.settings.ends,
    }
    place_texts(run.engine)
    levels = by_probability(run.engine, run.owner_level, run.settings.min_probability, **how)
    measures.measure(run.engine, **how)
    if not run.settings.ends:
        ask_of_closing(run.engine, run.sink)
    compare_texts(run.engine)
    workspace, engine = run.workspace, run.engine
    engine.run("SET preserve_insertion_order = true")  # what is sorted is saved as it is sorted
    saved = measures.saved_tables()
    for number, table in enumerate(saved):
        run.progress.detail(table)
        run.progress.count(number, len(saved), "tables")
        save(engine, workspace, table)
    workspace.write(f"tables/{TABLE}.parquet", partial(engine.copy_parquet, saved_texts()))
    for table in ("links", "aliases", "reconciliation"):
        workspace.write(f"tables/{table}.parquet", partial(engine.copy_parquet, f"SELECT * FROM {table} ORDER BY ALL"))
    found = write_quality(run)
    summary = headline(engine, run.owner_level)
    if levels:
        summary["by_probability"] = {**levels, f"{run.settings.min_probability:g}": dict(summary)}
    # Said to be unknown, never 0, until it is computed.
    not_yet = dict.fromkeys(COMPONENTS, "the stage `cost` has not run")
    summary["fragmentation_cost"] = {"hours": None, "money": None, "components": {}, "not_computed": not_yet}
    summary["rejected_rows"] = found["rejects"]["count"]
    summary["findings"] = []
    workspace.write_json("summary.json", summary)
    run.close()


def _write_rejects(engine: Engine, path: Path) -> None:
    cursor = engine.run('SELECT source, line, "column", "value", reason FROM rejects ORDER BY source, line NULLS LAST')
    with path.open("w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["source", "line", "column", "value", "reason"])
        while rows := cursor.fetchmany(10_000):
            writer.writerows([harmless(cell) for cell in row] for row in rows)


def cost(run: Run) -> None:
    """The Fragmentation Cost: hours always, money with rates."""
    from miner.costs import price
    from miner.costs.information import save_information
    from miner.costs.losses import find_losses, save_losses
    from miner.costs.path_times import save_path_times
    from miner.performance import perform

    losses = find_losses(run.workspace, run.settings.good)
    price(run.workspace, run.settings.rates)
    save_information(run.workspace, run.settings.rates)
    save_losses(run.workspace, losses, run.settings.good)
    save_path_times(run.workspace)
    perform(run.workspace, run.settings.good, run.settings.targets, run.settings.tiers)


def model(run: Run) -> None:
    """Process models from the directly-follows graph."""
    from miner.models import discover

    discover(run.workspace)


def graph(run: Run) -> None:
    """The graph of interactions, in the engine that was asked for."""
    where = run.settings.graph
    if where == "embedded":
        from miner.graph.embedded import build

        build(run.workspace, agents=run.settings.agents)
    elif where != "none":
        from miner.graph.neo4j import load, login

        load(run.workspace, login(where), agents=run.settings.agents, progress=run.progress.count)


def _opened(run: Run) -> Any:
    """The graph that was made, open for reading."""
    if run.settings.graph == "embedded":
        from miner.graph.embedded import EmbeddedGraph

        return EmbeddedGraph.open(run.workspace, memory=None)
    from miner.graph.neo4j import Neo4jGraph, login, name_of

    return Neo4jGraph(login(run.settings.graph), name_of(run.workspace))


def query(run: Run) -> None:
    """Query rows into findings."""
    if run.settings.graph != "none":
        from miner.findings import find, group, read_waits
        from miner.pipeline.results import Recorder

        has_losses = run.workspace.table_path("value_lost").is_file()
        losses = run.workspace.arrow("value_lost").to_pylist() if has_losses else []
        with _opened(run) as graph:
            asked = Recorder(graph)
            found = find(asked, run.settings.good, losses, read_waits(run.workspace), run.settings.agents)
            findings = group(found, run.workspace)
        asked.save(run.workspace)
        run.workspace.write_json("summary.json", {**run.workspace.summary, "findings": findings})


def report(run: Run) -> None:
    """The page a person opens."""
    from miner.report import write

    write(run.workspace)
