"""SQL over the workspace's tables that needs more than a table's name: aggregates and chains.

Percentiles are discrete, nearest rank, as everywhere (docs/definitions.md).
"""

from __future__ import annotations

from miner.summary import TIMED


def _ranked(key: str, value: str, source: str) -> str:
    return f"""(SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {value}) AS place,
        count(*) OVER (PARTITION BY {key}) AS n FROM {source})"""


def _percentile(p: int, value: str) -> str:
    return f"min(CASE WHEN 100 * place >= {p} * n THEN {value} END)"


_WAITS = f"""count(*) AS handoffs, count(DISTINCT journey_id) AS journeys, total(own_wait_s) AS wait_s_total,
    {_percentile(50, "own_wait_s")} AS wait_s_median, {_percentile(95, "own_wait_s")} AS wait_s_p95,
    total(customer_wait_s) AS customer_wait_s_total, total(between_s) AS between_s_total,
    count(*) FILTER (WHERE is_return) AS returns"""
_PAIR_COSTS = """total(cost_s) AS cost_s_total, total(delay_cost_s) AS delay_cost_s_total,
    total(money) AS money_total, total(unpriced_s) AS unpriced_s_total"""

_HANDLING = ("handoff", "rework", "information_gap", "repeat_contact")  # unknown where nobody's time is
_SECONDS = {
    name: f"CASE WHEN handled_s IS NOT NULL THEN {name}_cost_s END" if name in _HANDLING else f"{name}_cost_s"
    for name in TIMED
}
_COST = " + ".join(f"coalesce(total({seconds}), 0)" for seconds in _SECONDS.values())
_KNOWN = " + ".join(f"count({seconds})" for seconds in _SECONDS.values())
_MONEY = " + ".join(f"coalesce(total({name}_money), 0)" for name in TIMED)
_PAID = " + ".join(f"sum(CASE WHEN {name}_money <> 0 THEN 1 ELSE 0 END)" for name in TIMED)
_FREE = " + ".join(f"coalesce(total(CASE WHEN {name}_money IS NULL THEN {name}_cost_s END), 0)" for name in TIMED)
_COSTS = f"""CASE WHEN {_KNOWN} > 0 THEN {_COST} END AS cost_s, CASE WHEN {_PAID} > 0 THEN {_MONEY} END AS money,
    CASE WHEN {_KNOWN} > 0 THEN {_FREE} END AS unpriced_s"""

# A handoff with the visits at its two ends, and what it costs: the transitions from it to the next one.
HANDED = f"""(SELECT h.*, v.visit_id AS to_visit, v.is_return, c.* EXCLUDE (journey_id, handoff_position),
        lag(v.visit_id) OVER (PARTITION BY v.journey_id ORDER BY v.position) AS from_visit
    FROM visits v LEFT JOIN handoffs h ON h.journey_id = v.journey_id AND h.position = v.position
    LEFT JOIN (SELECT journey_id, handoff_position, {_COSTS},
                   {", ".join(f"total({seconds}) AS {name}_cost_s" for name, seconds in _SECONDS.items())}
               FROM transitions WHERE handoff_position IS NOT NULL GROUP BY journey_id, handoff_position) c
        ON c.journey_id = v.journey_id AND c.handoff_position = v.position
    QUALIFY from_visit IS NOT NULL)"""

_HANDED_COSTS = f"""(SELECT journey_id, handoff_position AS position, {_COSTS}, total(delay_cost_s) AS delay_cost_s
    FROM transitions WHERE handoff_position IS NOT NULL GROUP BY journey_id, handoff_position)"""

# A visit with what its last own event says.
VISITS = """(SELECT v.*, e.channel AS last_channel, e.source_system AS last_system
    FROM visits v LEFT JOIN events e ON e.journey_id = v.journey_id AND e.seq = v.closed_seq)"""

INTERACTIONS = """(SELECT i.*, c.first_actor, c.has_human, c.resolved, c.recontact_7d
    FROM interactions i LEFT JOIN conversations c USING (conversation_id))"""

RETURNED = """(SELECT r.*, l.visit_id AS later_visit, e.visit_id AS earlier_visit
    FROM returns r
    JOIN visits l ON l.journey_id = r.journey_id AND l.position = r.to_position
    JOIN visits e ON e.journey_id = r.journey_id AND e.position = r.from_position)"""

FOLLOWED = """(SELECT e.event_id, t.gap_s, t.queue_wait_s + t.handoff_wait_s AS own_wait_s,
        lag(e.event_id) OVER (PARTITION BY e.journey_id ORDER BY e.seq) AS previous_event
    FROM events e JOIN transitions t ON t.journey_id = e.journey_id AND t.seq = e.seq
    QUALIFY previous_event IS NOT NULL)"""

VISITED = """(SELECT e.event_id, v.visit_id FROM events e
    JOIN visits v ON v.journey_id = e.journey_id AND v.position = e.position WHERE e.owned)"""

_ARRIVED = f"""(SELECT h.*, v.is_return, c.cost_s, c.delay_cost_s, c.money, c.unpriced_s
    FROM handoffs h JOIN visits v USING (journey_id, position)
    LEFT JOIN {_HANDED_COSTS} c USING (journey_id, position))"""

TEAM_PAIRS = f"""(SELECT from_owner, to_owner, {_WAITS}, {_PAIR_COSTS}
    FROM {_ranked("from_owner, to_owner", "own_wait_s", _ARRIVED)} GROUP BY from_owner, to_owner)"""

SILO_PAIRS = f"""(SELECT from_silo, to_silo, {_WAITS}, {_PAIR_COSTS}
    FROM {_ranked("from_silo, to_silo", "own_wait_s", f"(SELECT * FROM {_ARRIVED} WHERE crosses_silo)")}
    GROUP BY from_silo, to_silo)"""

TEAMS = f"""(SELECT t.owner, t.visits, t.visit_journeys, t.events, coalesce(i.handoffs, 0) AS handoffs_in,
        coalesce(o.handoffs_out, 0) AS handoffs_out, coalesce(i.returns, 0) AS returns_in,
        coalesce(i.wait_s_total, 0.0) AS wait_s_total, i.wait_s_median, i.wait_s_p95,
        coalesce(i.customer_wait_s_total, 0.0) AS customer_wait_s_total,
        coalesce(i.between_s_total, 0.0) AS between_s_total,
        m.betweenness, m.pagerank, m.community, m.articulation, m.cuts_off
    FROM (SELECT owner, count(*) AS visits, count(DISTINCT journey_id) AS visit_journeys,
              CAST(sum(events) AS BIGINT) AS events FROM visits GROUP BY owner) t
    LEFT JOIN (SELECT to_owner, {_WAITS} FROM {_ranked("to_owner", "own_wait_s", _ARRIVED)} GROUP BY to_owner) i
        ON i.to_owner = t.owner
    LEFT JOIN (SELECT from_owner, count(*) AS handoffs_out FROM handoffs GROUP BY from_owner) o
        ON o.from_owner = t.owner
    LEFT JOIN team_measures m ON m.team = t.owner)"""

QUEUE_HOURS = "(SELECT *, team || '/' || weekday || '/' || hour AS hour_id FROM queue_hours)"

SILOS = """(SELECT silo, count(*) AS visits, count(DISTINCT journey_id) AS visit_journeys,
        count(DISTINCT owner) AS teams FROM visits WHERE silo IS NOT NULL GROUP BY silo)"""

_SEQUENCES = """(SELECT journey_id, list(silo ORDER BY position) AS silo_path FROM silo_visits GROUP BY journey_id)"""

JOURNEYS = f"""(SELECT j.*, coalesce(r.returns, 0) AS returns, s.silo_path, c.cost_s, c.money, c.unpriced_s,
        k.outcome AS counted_outcome
    FROM journeys j
    LEFT JOIN journey_outcomes k USING (journey_id)
    LEFT JOIN (SELECT journey_id, {_COSTS} FROM transitions GROUP BY journey_id) c USING (journey_id)
    LEFT JOIN (SELECT journey_id, count(*) AS returns FROM returns GROUP BY journey_id) r USING (journey_id)
    LEFT JOIN {_SEQUENCES} s USING (journey_id))"""

# Every run of 2 to 4 entries of a journey's silo sequence, with where it starts.
_RUNS = f"""(SELECT journey_id, start, length, list_slice(silo_path, start, start + length - 1) AS path,
        to_json(path) AS path_id
    FROM (SELECT journey_id, silo_path, length, unnest(range(1, len(silo_path) - length + 2)) AS start
          FROM {_SEQUENCES} CROSS JOIN (VALUES (2), (3), (4)) AS lengths (length) WHERE len(silo_path) >= length))"""

TOOK = f"(SELECT DISTINCT journey_id, path, path_id FROM {_RUNS})"

_ELAPSED = f"""(SELECT path_id, path, (epoch_us(ended_at) - epoch_us(started_at)) / 1e6 AS elapsed_s
    FROM {TOOK} JOIN journeys USING (journey_id))"""

# What is waited for each silo of a run but the first; a handoff counts once for a path.
_BETWEEN = f"""(SELECT path_id, total(h.own_wait_s) AS own_wait_s_total
    FROM (SELECT DISTINCT r.path_id, r.journey_id, s.first_position AS position
          FROM (SELECT path_id, journey_id, unnest(range(start, start + length - 1)) AS position FROM {_RUNS}) r
          JOIN silo_visits s USING (journey_id, position)) b
    JOIN handoffs h USING (journey_id, position) GROUP BY path_id)"""

SILO_PATHS = f"""(SELECT e.path_id, any_value(path) AS path, count(*) AS journeys, total(elapsed_s) AS elapsed_s_total,
        {_percentile(50, "elapsed_s")} AS elapsed_s_median, {_percentile(95, "elapsed_s")} AS elapsed_s_p95,
        any_value(b.own_wait_s_total) AS own_wait_s_total, any_value(t.compared) AS compared,
        any_value(t.extra_s) AS extra_s_total, any_value(t.corrected_s) AS extra_corrected_s,
        any_value(t.low_s) AS extra_low_s, any_value(t.high_s) AS extra_high_s, any_value(t.is_longer) AS is_longer,
        any_value(l.value_corrected) AS lost_corrected, any_value(l.low) AS lost_low, any_value(l.high) AS lost_high
    FROM {_ranked("path_id", "elapsed_s", _ELAPSED)} e JOIN {_BETWEEN} b USING (path_id)
    LEFT JOIN path_times t USING (path)
    LEFT JOIN (SELECT path, value_corrected, low, high FROM value_lost WHERE rank IS NOT NULL) l USING (path)
    GROUP BY e.path_id)"""

ACTIVITIES = "(SELECT activity, count(*) AS events FROM events WHERE activity IS NOT NULL GROUP BY activity)"

TRANSITIONS = """(SELECT d.*, t.own_wait_s_total FROM dfg d
    JOIN (SELECT from_activity, to_activity, total(queue_wait_s + handoff_wait_s) AS own_wait_s_total
          FROM transitions WHERE seq > 0 GROUP BY from_activity, to_activity) t USING (from_activity, to_activity))"""

TEAM_SILOS = "(SELECT owner, silo, count(*) AS visits FROM visits WHERE silo IS NOT NULL GROUP BY owner, silo)"
QUEUE_TEAMS = "(SELECT team FROM queues WHERE team IN (SELECT owner FROM visits))"
CUSTOMERS = "(SELECT DISTINCT customer FROM journeys WHERE customer IS NOT NULL)"
CUSTOMER_JOURNEYS = "(SELECT customer, journey_id FROM journeys WHERE customer IS NOT NULL)"
AGENTS = "(SELECT agent, count(*) AS events FROM events WHERE agent IS NOT NULL GROUP BY agent)"
AGENT_EVENTS = "(SELECT event_id, agent FROM events WHERE agent IS NOT NULL)"
AGENT_TEAMS = "(SELECT DISTINCT agent, owner FROM events WHERE owned AND agent IS NOT NULL)"
