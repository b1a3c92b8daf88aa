"""What is measured, one job a process: `python benchmarks/jobs.py JOB LOG WORKSPACE ANSWER.json`.

Each job times its steps itself, without the start of Python; run.py adds wall, CPU and memory of the process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COLUMNS = {
    "case": "case",
    "activity": "activity",
    "time": "time",
    "team": "team",
    "agent": "agent",
    "silo": "silo",
    "customer": "customer",
    "channel": "channel",
}
WARM = 3


class Watch:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        """The work's answer; its seconds are kept."""
        began = time.perf_counter()
        answer = work()
        self.seconds[name] = time.perf_counter() - began
        return answer


def tables(watch: Watch, log: str, workspace: str) -> None:
    """miner: from the file to all tables."""
    from miner.pipeline import Settings, run

    mapped = COLUMNS if log.endswith(".csv") else {}
    made = watch.time("work", lambda: run([log], workspace, Settings(columns=mapped, until="measure")))
    watch.seconds |= made.summary["seconds"]


def read(watch: Watch, log: str, workspace: str) -> None:
    """miner: reading only."""
    from miner.pipeline import Settings, run

    made = watch.time("work", lambda: run([log], workspace, Settings(until="read")))
    assert made.manifest["stages"]["read"]["state"] == "done"


def whole(watch: Watch, log: str, workspace: str) -> None:
    """miner: the whole run, with models, graph, queries and report."""
    from miner.pipeline import Settings, run

    made = watch.time("work", lambda: run([log], workspace, Settings(columns=COLUMNS)))
    watch.seconds |= made.summary["seconds"]


def costs(watch: Watch, log: str, workspace: str) -> None:
    """miner: what costs, calendars, causes of waiting and queues add, on a log with ends."""
    from costs import added, with_ends

    spans = with_ends(Path(log))
    work = watch.time("work", lambda: added(spans, Path(workspace), {**COLUMNS, "end": "end"}))
    watch.seconds |= work


def pm4py_all(watch: Watch, log: str, _: str) -> None:
    """pm4py: read, format, DFG, performance DFG, handover of work between teams."""
    import pandas as pd
    import pm4py

    def work() -> None:
        raw = watch.time("read_csv", lambda: pd.read_csv(log, parse_dates=["time"]))
        frame = watch.time(
            "format_dataframe",
            lambda: pm4py.format_dataframe(raw, case_id="case", activity_key="activity", timestamp_key="time"),
        )
        watch.time("dfg", lambda: pm4py.discover_dfg(frame))
        watch.time("performance dfg", lambda: pm4py.discover_performance_dfg(frame))
        watch.time("handover", lambda: pm4py.discover_handover_of_work_network(frame, resource_key="team"))

    watch.time("work", work)


def r4pm_xes(watch: Watch, log: str, _: str) -> None:
    """r4pm: reading XES into a data frame."""
    import r4pm

    frame, _ = watch.time("work", lambda: r4pm.df.import_xes(log))
    assert len(frame)


def graph(watch: Watch, _: str, workspace: str) -> None:
    """miner: the embedded graph from the tables, in bulk."""
    from miner.graph import build
    from miner.workspace import Workspace

    watch.time("work", lambda: build(Workspace.open(workspace)))


def queries(watch: Watch, _: str, workspace: str) -> None:
    """miner: every query of the library with its defaults, the best of some warm runs."""
    from miner.graph import EmbeddedGraph
    from miner.workspace import Workspace

    made = Workspace.open(workspace)
    with watch.time("open", lambda: EmbeddedGraph.open(made, memory=None)) as graph:
        _ask_all(watch, graph, made)


def neo4j_load(watch: Watch, _: str, workspace: str) -> None:
    """miner: the graph into the server of NEO4J_URI; again, which has nothing to do."""
    from miner.graph.neo4j import load, login
    from miner.workspace import Workspace

    made, server = Workspace.open(workspace), login()
    done = watch.time("work", lambda: load(made, server))
    watch.seconds["events"] = done.events
    watch.time("again", lambda: load(made, server))


def neo4j_queries(watch: Watch, _: str, workspace: str) -> None:
    """miner: every query of the library on the server, the best of some warm runs."""
    from miner.graph.neo4j import Neo4jGraph, login
    from miner.workspace import Workspace

    made = Workspace.open(workspace)
    with Neo4jGraph(login()) as graph:
        _ask_all(watch, graph, made)


def pm4py_upload(watch: Watch, log: str, _: str) -> None:
    """pm4py: its own upload of the first thousand events, into the same server."""
    import neo4j
    import pandas as pd
    import pm4py
    from pm4py.util import nx_utils

    from miner.graph.neo4j import login

    server = login()
    raw = pd.read_csv(log, parse_dates=["time"], nrows=1_000)
    frame = pm4py.format_dataframe(raw, case_id="case", activity_key="activity", timestamp_key="time")
    graph = pm4py.convert_log_to_networkx(frame)
    with neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver, driver.session() as s:
        watch.time("work", lambda: nx_utils.neo4j_upload(graph, s, clean_db=False))
    watch.seconds["events"] = len(frame)


def _ask_all(watch: Watch, graph: Any, made: Any) -> None:
    from miner.graph import ask_library
    from miner.graph import queries as library

    values = examples(made)
    for name, query in library().items():
        given = {param.name: values[param.name] for param in query.header.params if param.required}
        spent = []
        for _round in range(WARM):
            began = time.perf_counter()
            ask_library(graph, query, given, timeout=120)
            spent.append(time.perf_counter() - began)
        watch.seconds[name] = min(spent)


def examples(made: Any) -> dict[str, Any]:
    """A value for each parameter that a query must be given, from the first rows of the tables."""
    handoff = made.arrow("handoffs").slice(0, 1).to_pylist()[0]
    path = made.arrow("dfg").slice(0, 1).to_pylist()[0]
    return {
        "journey": handoff["journey_id"],
        "team": handoff["from_owner"],
        "path": [handoff["from_silo"], handoff["to_silo"]],
        "from_activity": path["from_activity"],
        "to_activity": path["to_activity"],
    }


JOBS: dict[str, Callable[[Watch, str, str], None]] = {
    job.__name__: job
    for job in (
        *(tables, read, whole, costs, pm4py_all, r4pm_xes),
        *(graph, queries, neo4j_load, neo4j_queries, pm4py_upload),
    )
}


def main() -> None:
    """Do the job named on the command line; the seconds go to the file named last."""
    job, log, workspace, answer = sys.argv[1:]
    watch = Watch()
    JOBS[job](watch, log, workspace)
    Path(answer).write_text(json.dumps(watch.seconds), encoding="utf-8")


if __name__ == "__main__":
    main()
