-- table: ordered
-- definition: Rows are ordered once, by (start, source sequence, source line); seq counts them from 0 in their journey.
-- reads: raw
-- own_owner is the owner an event brings itself: its team (its agent where no source has teams), or the bot;
-- customers, systems, rules and IVRs bring none, nor do missing and pseudo owners.
WITH numbered AS (
  SELECT *, row_number() OVER (
    PARTITION BY journey_id
    ORDER BY started_us, sequence NULLS FIRST, source_no, line NULLS FIRST, interaction_id, activity NULLS FIRST
  ) - 1 AS place
  FROM raw
)
SELECT
  journey_id, CAST(place AS BIGINT) AS seq, interaction_id, started_us, ended_us, hold_us, activity, event_type, channel,
  source_system, actor_type, actor, agent, team, silo, own_owner, own_owner IS NOT NULL AS owned, customer, intent,
  outcome, value, handoff_kind, source, line, attributes
FROM numbered
