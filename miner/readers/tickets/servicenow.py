"""ServiceNow incident logs: one row per update of a record, all its fields repeated on every row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from miner.events.engine import literal, quote
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared import states
from miner.readers.shared.states import ENDED, INCIDENT_STATES, State, change_of_state, named_states, plain, state_kind
from miner.readers.tabular.dialect import LINE, detect
from miner.readers.tabular.project import Profile
from miner.readers.tabular.read import is_table, read_table

NAME = "servicenow"
TITLE = "ServiceNow incident log"
TOTALS = {"reassignment_count": ("team_reassignments", "team_handoffs"), "reopen_count": "reopens"}
LINKED = False
OUTCOMES = states.TICKET_OUTCOMES

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
_PLAIN = "replace(replace(lower(trim({})), '_', ' '), 'canceled', 'cancelled')"  # as `states.plain` does
_NAMES = {
    **{name: name for name in named_states()},
    **{code: plain(label) for code, label in INCIDENT_STATES.items() if state_kind(label)},
}
_NEEDED = {"number", "incident_state", "sys_updated_at"}


def sniff(file: SourceFile) -> Match | None:
    """A table with the columns of an incident log."""
    columns = _columns(file)
    return Match(80, "columns number, incident_state, sys_updated_at") if columns >= _NEEDED else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read the updates in order of sys_updated_at and sys_mod_count; '?' is missing; state changes are told apart."""
    columns = _columns(file)
    sequence = "sys_mod_count" if "sys_mod_count" in columns else None
    known = options.columns.get("activity", STATE) == STATE
    event_type, outcome = (_update(columns, "event_type"), _update(columns, "outcome")) if known else (None, None)
    profile = Profile(COLUMNS, sequence, event_type, NAME, outcome)
    report = read_table(file, options, sink, Report(file.name, NAME, ""), profile)
    if report.columns["case"] == COLUMNS["case"]:
        _declared(sink, columns & set(TOTALS))
    return report


def _columns(file: SourceFile) -> set[str]:
    if is_table(file) != "delimited":
        return set()
    dialect = detect(file.head.decode("utf-8", "replace"))
    return set(dialect.columns) if dialect else set()


def _update(columns: set[str], part: Literal["event_type", "outcome"]) -> Callable[[str], str]:
    """SQL for what an update is, or for the outcome known by it, by comparison with the row before it."""
    order = "number, {time}" + (", TRY_CAST(sys_mod_count AS BIGINT)" if "sys_mod_count" in columns else "")
    moved = [c for c in ("assignment_group", "assigned_to") if c in columns]

    def sql(started: str) -> str:
        window = f"OVER (PARTITION BY number ORDER BY {order.format(time=started)})"
        before = f"lag({STATE}) {window}"
        changed = " OR ".join(f"lag({quote(c)}) {window} IS DISTINCT FROM {quote(c)}" for c in moved) or "false"
        first, same = f"{_turns(None, 'outcome')}", "NULL"
        if part == "event_type":
            first, same = "'started'", f"CASE WHEN {changed} THEN 'assigned' ELSE 'field_changed' END"
        kinds = " ".join(f"WHEN '{kind}' THEN {_turns(kind, part)}" for kind in (*ENDED, "deleted"))
        return (
            f"CASE WHEN {before} IS NULL THEN {first} WHEN {before} = {STATE} THEN {same} "
            f"ELSE CASE {_case(before, {name: _kind(name) for name in _NAMES})} {kinds} "
            f"ELSE {_turns(None, part)} END END"
        )

    return sql


def _turns(before: str | None, part: Literal["event_type", "outcome"]) -> str:
    """SQL for the part of what `change_of_state` says, by the state that a record comes into from one of a kind."""
    found = {name: change_of_state(State(before, before), State(label, _kind(name))) for name, label in _NAMES.items()}
    return _case(
        STATE,
        {name: getattr(change, part) for name, change in found.items()},
        getattr(change_of_state(State(before, before), State("", None)), part),
    )


def _case(column: str, words: dict[str, str | None], other: str | None = None) -> str:
    whens = " ".join(f"WHEN {_literal(name)} THEN {_literal(word)}" for name, word in words.items())
    return f"CASE {_PLAIN.format(column)} {whens} ELSE {_literal(other)} END"


def _literal(word: str | None) -> str:
    return "NULL" if word is None else literal(word)


def _kind(name: str) -> str | None:
    return state_kind(_NAMES[name])


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
