"""What a source says of its own interactions (its reopens, its reassignments), beside what its events give.

A reader's `TOTALS` says what a vendor's total means: `{"group_stations": ("team_assignments", "team_visits")}` compares
it with two counts of COUNTS, and its `NOT_COMPARED` why another total can't be derived. Both are of one interaction in
one system, whatever journey it belongs to. A total that nobody gave a meaning is named and not compared.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from miner.events.engine import Engine
from miner.events.schema import NEVER_OWNERS, nobodies

EXAMPLES = 20
_UNKNOWN = "the system does not document what it counts"

# Lengths of time: the name, what they are of, and the microseconds of one event that belong to it.
_LENGTHS = {
    "queue": ("waits in queues", "CASE WHEN event_type = 'queue_enter' THEN span_us END"),
    "ivr": ("menus and flows", "CASE WHEN event_type = 'ivr_enter' THEN span_us END"),
    "talk": (
        "conversations of agents, holds left out",
        "CASE WHEN actor_type = 'agent' AND event_type IN "
        "('agent_connected', 'conference_join') THEN span_us - held_us END",
    ),
    "hold": ("holds", "CASE WHEN event_type = 'hold' THEN span_us ELSE held_us END"),
    "wrap": ("work after conversations", "CASE WHEN event_type = 'wrapup_start' THEN span_us END"),
}
_UNITS = {"s": ("seconds", 1_000_000), "ms": ("milliseconds", 1_000)}

# What can be derived of an interaction: the name, what it counts, and the SQL over one of the tables below.
COUNTS: dict[str, tuple[str, str, str]] = {
    "team_visits": ("unbroken runs of steps by people or bots of one team", "acting", "{team_runs}"),
    "team_handoffs": ("steps of one team after those of another", "acting", "greatest({team_runs} - 1, 0)"),
    "agent_visits": ("unbroken runs of steps by one agent", "acting", "{agent_runs}"),
    "agent_handoffs": ("steps of one agent after those of another", "acting", "greatest({agent_runs} - 1, 0)"),
    "team_assignments": ("successive teams that owned it, whether or not they acted", "holding", "{team_runs}"),
    "team_reassignments": ("changes of the owning team", "holding", "greatest({team_runs} - 1, 0)"),
    "agent_assignments": ("successive agents that owned it", "holding", "{agent_runs}"),
    "agent_reassignments": ("changes of the owning agent", "holding", "greatest({agent_runs} - 1, 0)"),
    "assignments": ("events of assignment, to a team or to an agent", "event", "count_if(event_type = 'assigned')"),
    "reopens": ("events that open it again", "event", "count_if(event_type = 'reopened')"),
    "replies": ("messages of agents", "event", "count_if(event_type = 'message' AND actor_type = 'agent')"),
    "messages": ("all messages", "event", "count_if(event_type = 'message')"),
    "transfers": ("transfers to another team, agent or number; without consults", "event", "count_if({transfer})"),
    "blind_transfers": ("transfers without talking first", "event", "count_if({transfer} AND handoff_kind = 'blind')"),
    "consult_transfers": (
        "transfers after talking first",
        "event",
        "count_if({transfer} AND handoff_kind IN ('consult', 'conference'))",
    ),
    **{
        f"{name}_{unit}": (f"{word} of {what}", "event", f"round(coalesce(sum({sql}), 0) / {size})::BIGINT")
        for name, (what, sql) in _LENGTHS.items()
        for unit, (word, size) in _UNITS.items()
    },
}
_TRANSFER = "event_type = 'handoff' AND coalesce(handoff_kind, '') NOT IN ('consult_only', 'requeue_no_answer')"
_MOVES = ("from_team", "to_team", "from_agent", "to_agent")
_COLUMNS = {
    "interaction_id": "VARCHAR",
    "source_system": "VARCHAR",
    "total": "VARCHAR",
    "compared_with": "VARCHAR",
    "declared": "DOUBLE",
    "derived": "BIGINT",
}


def meanings(system: str) -> dict[str, tuple[str, ...]]:
    """A system's totals and the counts they are compared with, from the TOTALS of its readers."""
    totals: dict[str, str | tuple[str, ...]] = _of_readers("TOTALS", system)
    return {total: (count,) if isinstance(count, str) else tuple(count) for total, count in totals.items()}


def _of_readers(name: str, system: str) -> dict[str, Any]:
    """A dictionary of a system's readers: they are called like it, perhaps with a word behind (`servicenow_audit`)."""
    from miner.readers import readers

    merged: dict[str, Any] = {}
    for kind, reader in sorted(readers().items()):
        if kind == system or kind.startswith(f"{system}_"):
            merged |= getattr(reader, name, {})
    return merged


def reconcile(engine: Engine, owners: Collection[str] = ()) -> None:
    """Make the engine table `reconciliation` (columns of _COLUMNS) from raw_events and raw_interactions.

    One row an interaction, total and count; where a total has no meaning, `compared_with` and `derived` are null.
    """
    engine.create("reconciliation", _COLUMNS)
    engine.run(
        "CREATE OR REPLACE TEMP TABLE declared_totals AS "
        "SELECT i.interaction_id, coalesce(i.source_system, '') AS source_system, "
        "j.key AS total, max(TRY_CAST(json_extract_string(j.value, '$') AS DOUBLE)) AS declared "
        "FROM raw_interactions i, json_each(CASE WHEN json_valid(i.declared) THEN i.declared END) j "
        "WHERE j.type NOT IN ('OBJECT', 'ARRAY', 'NULL', 'BOOLEAN') GROUP BY ALL HAVING max(TRY_CAST("
        "json_extract_string(j.value, '$') AS DOUBLE)) IS NOT NULL"
    )
    systems = [system for (system,) in engine.rows("SELECT DISTINCT source_system FROM declared_totals")]
    engine.create("meanings", {"source_system": "VARCHAR", "total": "VARCHAR", "compared_with": "VARCHAR"})
    for system in systems:
        for total, counts in meanings(system).items():
            for count in counts:
                engine.run("INSERT INTO meanings VALUES (?, ?, ?)", [system, total, count])
    if systems:
        _derive(engine, owners)
        engine.run(
            "INSERT INTO reconciliation SELECT s.interaction_id, s.source_system, s.total, m.compared_with, "
            "s.declared, CASE WHEN m.compared_with IS NOT NULL THEN coalesce(d.derived, 0) END "
            "FROM declared_totals s LEFT JOIN meanings m USING (source_system, total) "
            "LEFT JOIN derived d ON d.interaction_id = s.interaction_id AND d.count = m.compared_with"
        )
    for table in ("declared_totals", "meanings", "derived", "ordered_events"):
        engine.run(f"DROP TABLE IF EXISTS {table}")


def _derive(engine: Engine, owners: Collection[str]) -> None:
    """The table `derived`: interaction, count and its value, for interactions that declare a total."""
    wanted = {count for (count,) in engine.rows("SELECT DISTINCT compared_with FROM meanings")}
    nobody = ", ".join(f"'{name}'" for name in sorted(nobodies(owners)))
    never = ", ".join(f"'{actor}'" for actor in sorted(NEVER_OWNERS))
    moves = ", ".join(f"json_extract_string(attributes, '$.{name}') AS {name}" for name in _MOVES)
    engine.run(
        "CREATE OR REPLACE TEMP TABLE ordered_events AS SELECT interaction_id, event_type, actor_type, handoff_kind, "
        "row_number() OVER (PARTITION BY interaction_id ORDER BY started_us, sequence NULLS FIRST, source_no, "
        "line NULLS FIRST, activity NULLS FIRST) AS place, "
        f"CASE WHEN lower(team) NOT IN ({nobody}) THEN team END AS team, "
        f"CASE WHEN lower(agent) NOT IN ({nobody}) THEN agent END AS agent, "
        "coalesce(ended_us - started_us, 0) AS span_us, coalesce(hold_us, 0) AS held_us, "
        f"actor_type NOT IN ({never}) AS acts, {moves} FROM raw_events SEMI JOIN declared_totals USING (interaction_id)"
    )
    acting = (
        "SELECT interaction_id, place, 0 AS step, CASE WHEN acts THEN team END AS team, "
        "CASE WHEN acts AND actor_type <> 'bot' THEN agent END AS agent FROM ordered_events"
    )
    tables = {"event": "SELECT * FROM ordered_events", "acting": _runs(acting), "holding": _runs(_holding())}
    words = {"transfer": _TRANSFER, "team_runs": "count_if(team_turns)", "agent_runs": "count_if(agent_turns)"}
    selects = [
        f"SELECT interaction_id, '{name}' AS count, {sql.format(**words)} AS derived FROM ({tables[table]}) "
        "GROUP BY interaction_id"
        for name, (_, table, sql) in COUNTS.items()
        if name in wanted
    ]
    nothing = "SELECT '' AS interaction_id, '' AS count, 0::BIGINT AS derived WHERE false"
    engine.run(f"CREATE OR REPLACE TEMP TABLE derived AS {' UNION ALL '.join([nothing, *selects])}")


def _holding() -> str:
    """Who has it: as assignments say from whom and to whom; without any, whoever the events name."""
    moved = "count(coalesce(from_{0}, to_{0})) OVER (PARTITION BY interaction_id)"
    seen = {kind: f"CASE WHEN {moved.format(kind)} = 0 THEN {kind} END" for kind in ("team", "agent")}
    steps = [
        (f"{seen['team']} AS team", f"{seen['agent']} AS agent"),
        ("from_team AS team", "from_agent AS agent"),
        ("to_team AS team", "to_agent AS agent"),
    ]
    return " UNION ALL ".join(
        f"SELECT interaction_id, place, {step} AS step, {team}, {agent} FROM ordered_events"
        for step, (team, agent) in enumerate(steps)
    )


def _runs(rows: str) -> str:
    """Rows with the marks `team_turns` and `agent_turns`: another one than the last that was known."""
    last = (
        "last_value({0} IGNORE NULLS) OVER (PARTITION BY interaction_id ORDER BY place, step "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    turns = ", ".join(
        f"{kind} IS NOT NULL AND {kind} IS DISTINCT FROM {last.format(kind)} AS {kind}_turns"
        for kind in ("team", "agent")
    )
    return f"SELECT interaction_id, {turns} FROM ({rows})"


def reconciled(engine: Engine) -> list[dict[str, Any]]:
    """For quality.json: per system, total and count how many interactions agree, the sums, and where they differ."""
    rows = engine.rows(
        "SELECT source_system, total, compared_with, count(*), count_if(declared = derived), "
        "count_if(declared <> derived), sum(declared), sum(derived) FROM reconciliation GROUP BY 1, 2, 3 ORDER BY ALL"
    )
    return [
        {
            "source_system": system,
            "total": total,
            "compared_with": count,
            "meaning": COUNTS[count][0] if count else _why_not(system, total),
            "interactions": interactions,
            "equal": equal if count else None,
            "different": different if count else None,
            "sum_declared": declared if count else None,
            "sum_derived": int(derived) if count else None,
            "examples": _examples(engine, system, total, count) if count else [],
        }
        for system, total, count, interactions, equal, different, declared, derived in rows
    ]


def _examples(engine: Engine, system: str, total: str, count: str) -> list[dict[str, Any]]:
    """Those that differ most, first."""
    rows = engine.rows(
        "SELECT interaction_id, declared, derived FROM reconciliation WHERE source_system = ? AND total = ? "
        f"AND compared_with = ? AND declared <> derived ORDER BY abs(declared - derived) DESC, 1 LIMIT {EXAMPLES}",
        [system, total, count],
    )
    return [{"interaction_id": i, "declared": declared, "derived": derived} for i, declared, derived in rows]


def _why_not(system: str, total: str) -> str:
    return f"not compared: {_of_readers('NOT_COMPARED', system).get(total, _UNKNOWN)}"
