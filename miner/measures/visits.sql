-- table: visits
-- definition: A visit is a maximal run of a journey's owned events, in order, with the same owner (Visit).
-- reads: events
-- grain: journey_id, position
-- saved: yes
-- order: journey_id, position
-- columns:
--   visit_id string: `journey_id/position`
--   journey_id string: the journey
--   position int64: place in the journey, from 0
--   owner string: team or bot, or the agent if no team is known
--   team string: the team; null if the owner is not a team
--   silo string: first known of its owned events
--   channel string: of its first owned event
--   source_system string: of its first owned event
--   arrived_us timestamp: earliest start of its owned events
--   left_us timestamp: latest end of its owned events
--   events int64: number of its owned events
--   is_return bool: the owner had the journey before
--   opened_seq int64: `seq` of its first owned event
--   closed_seq int64: `seq` of its last owned event
--   actor_type string: of its first owned event
-- unsaved:
--   channel_last string: channel of its last owned event
--   source_system_last string: source system of its last owned event
--
-- arrived_us is the earliest start and left_us the latest end of its owned events; the *_last columns belong to its
-- last owned event, the others to its first; the silo to the first that has one.
WITH grouped AS (
  SELECT
    journey_id, position, max(owner) AS owner, max(team) AS team,
    min_by(silo, seq) FILTER (WHERE silo IS NOT NULL) AS silo,
    max(CASE WHEN opens_visit THEN channel END) AS channel,
    max(CASE WHEN opens_visit THEN source_system END) AS source_system,
    max(CASE WHEN opens_visit THEN actor_type END) AS actor_type,
    max(CASE WHEN closes_visit THEN channel END) AS channel_last,
    max(CASE WHEN closes_visit THEN source_system END) AS source_system_last,
    min(started_us) AS arrived_us, max(ended_us) AS left_us, count(*) AS events,
    min(seq) AS opened_seq, max(seq) AS closed_seq
  FROM events
  WHERE owned
  GROUP BY journey_id, position
)
SELECT
  journey_id || '/' || CAST(position AS VARCHAR(20)) AS visit_id, journey_id, position, owner, team, silo, channel,
  source_system, arrived_us, left_us, events,
  (lag(position) OVER (PARTITION BY journey_id, owner ORDER BY position)) IS NOT NULL AS is_return,
  opened_seq, closed_seq, channel_last, source_system_last, actor_type
FROM grouped
