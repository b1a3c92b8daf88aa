-- table: visits
-- definition: A visit is a maximal run of a journey's owned events, in order, with the same owner (Visit).
-- reads: events
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
