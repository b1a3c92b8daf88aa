-- table: events
-- definition: The owner of an event without one of its own is the last owner before it in the journey (Owner: carried forward).
-- reads: ordered
-- position is the 0-based number of the visit that the carried owner makes; null before the first owner.
WITH runs AS (
  SELECT *, count(own_owner) OVER (PARTITION BY journey_id ORDER BY seq ROWS UNBOUNDED PRECEDING) AS run
  FROM ordered
),
carried AS (
  SELECT *, max(own_owner) OVER (PARTITION BY journey_id, run) AS owner
  FROM runs
),
marked AS (
  SELECT *, CASE WHEN own_owner IS NULL THEN 0
                 WHEN (lag(owner) OVER (PARTITION BY journey_id ORDER BY seq)) IS NULL THEN 1
                 WHEN (lag(owner) OVER (PARTITION BY journey_id ORDER BY seq)) <> own_owner THEN 1
                 ELSE 0 END AS opens
  FROM carried
)
SELECT
  journey_id, seq, interaction_id, started_us, ended_us, hold_us, activity, event_type, channel, source_system,
  actor_type, actor, agent, team, silo, owner, owned, opens = 1 AS opens_visit,
  nullif(CAST(sum(opens) OVER (PARTITION BY journey_id ORDER BY seq ROWS UNBOUNDED PRECEDING) AS BIGINT), 0) - 1 AS position,
  customer, intent, outcome, value, handoff_kind, source, line, attributes
FROM marked
