"""ServiceNow incident logs: one row per update of a record, all its fields repeated on every row."""

from __future__ import annotations

from collections.abc import Callable

from miner.events.engine import quote
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.tabular.dialect import LINE, detect
from miner.readers.tabular.project import Profile
from miner.readers.tabular.read import is_table, read_table

NAME = "servicenow"
TITLE = "ServiceNow incident log"
TOTALS = {"reassignment_count": ("team_reassignments", "team_handoffs"), "reopen_count": "reopens"}
LINKED = False

# `closed_at`, `resolved_at`, `opened_at` are attributes of the case, not times of the event.
COLUMNS = {
    "case": "number",
    "activity": "incident_state",
    "time": "sys_updated_at",
    "team": "assignment_group",
    "agent": "assigned_to",
    "customer": "caller_id",
    "channel": "contact_type",
    "intent": "category",
}
STATE = COLUMNS["activity"]
_NEEDED = {"number", "incident_state", "sys_updated_at"}


def sniff(file: SourceFile) -> Match | None:
    """A table with the columns of an incident log."""
    columns = _columns(file)
    return Match(80, "columns number, incident_state, sys_updated_at") if columns >= _NEEDED else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read the updates in order of sys_updated_at and sys_mod_count; '?' is missing; state changes are told apart."""
    columns = _columns(file)
    sequence = "sys_mod_count" if "sys_mod_count" in columns else None
    profile = Profile(
        COLUMNS, sequence, _event_type(columns) if options.columns.get("activity", STATE) == STATE else None, NAME
    )
    report = read_table(file, options, sink, Report(file.name, NAME, ""), profile)
    if report.columns["case"] == COLUMNS["case"]:
        _declared(sink, columns & set(TOTALS))
    return report


def _columns(file: SourceFile) -> set[str]:
    if is_table(file) != "delimited":
        return set()
    dialect = detect(file.head.decode("utf-8", "replace"))
    return set(dialect.columns) if dialect else set()


def _event_type(columns: set[str]) -> Callable[[str], str]:
    """SQL for what an update is, by comparison with the row before it in the same record."""
    order = "number, {time}" + (", TRY_CAST(sys_mod_count AS BIGINT)" if "sys_mod_count" in columns else "")
    moved = [c for c in ("assignment_group", "assigned_to") if c in columns]

    def sql(started: str) -> str:
        window = f"OVER (PARTITION BY number ORDER BY {order.format(time=started)})"
        before = f"lag(incident_state) {window}"
        changed = " OR ".join(f"lag({quote(c)}) {window} IS DISTINCT FROM {quote(c)}" for c in moved) or "false"
        return (
            f"CASE WHEN {before} IS NULL THEN 'started' "
            f"WHEN {before} = incident_state THEN CASE WHEN {changed} THEN 'assigned' ELSE 'field_changed' END "
            f"WHEN {before} IN ('Resolved', 'Closed') AND incident_state NOT IN ('Resolved', 'Closed') THEN 'reopened' "
            "WHEN incident_state = 'Resolved' THEN 'resolved' WHEN incident_state = 'Closed' THEN 'closed' "
            "ELSE 'status_changed' END")  # fmt: skip

    return sql


def _declared(sink: Sink, totals: set[str]) -> None:
    """The record's own totals, kept to reconcile: those of its last row in the file that has them."""
    if totals:
        number = {t: f"TRY_CAST({quote(t)} AS BIGINT)" for t in sorted(totals)}
        line = f"CASE WHEN {{0}} IS NOT NULL THEN {quote(LINE)} END"
        pairs = ", ".join(f"'{t}', arg_max({sql}, {line.format(sql)})" for t, sql in number.items())
        sink.engine.run(
            "INSERT INTO raw_interactions BY NAME SELECT trim(number) AS interaction_id, ? AS source_system, "
            f"CAST(json_object({pairs}) AS VARCHAR) AS declared "
            f"FROM cells_{sink.source_no} WHERE number IS NOT NULL GROUP BY 1",
            [NAME],
        )
