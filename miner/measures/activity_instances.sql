-- table: activity_instances
-- definition: The activity instances of known people, with start and end (Time: causes of waiting): when each became
--   possible (enabled: the latest end so far in its journey, at the latest its start), and the wait that it ends
--   itself.
-- reads: events, named_gaps, ended_waits, team_calendars
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id string: the journey
--   seq int64: place of the event in the journey, from 0
--   agent string: the person
--   calendar string: the calendar of the team acted for; empty if it has none
--   resource int64: number of a person under a calendar
--   team string: the owner
--   activity string: the activity
--   enabled_us timestamp: when it became possible
--   started_us timestamp: start
--   ended_us timestamp: end
--   waited bool: a wait ends with it
--   batching_us seconds: of the wait, until the last of its batch became possible
--
-- The wait that an instance ends is the unbroken waiting before it, gaps and spans in a queue together; then it was
-- enabled where that began. A resource is a person under the calendar of the team acted for; batching is the wait until
-- the last of a batch became possible. A batch is two or more instances of one activity by one person, done without a
-- pause in between, all of which were possible before the first began.
WITH runs_of_waiting AS (
  SELECT
    journey_id, seq, from_us, to_us,
    lag(to_us) OVER (PARTITION BY journey_id, seq ORDER BY from_us) AS last_us
  FROM ended_waits
),
ready AS (
  SELECT
    journey_id, seq, max(CASE WHEN last_us IS NULL OR last_us < from_us THEN from_us END) AS since_us, max(to_us) AS until_us
  FROM runs_of_waiting
  GROUP BY journey_id, seq
),
working AS (
  SELECT
    e.journey_id, e.seq, e.agent, coalesce(k.calendar, '') AS calendar, e.owner AS team,
    e.activity, e.started_us, e.ended_us,
    CASE WHEN w.until_us = e.started_us THEN w.since_us
         WHEN p.reached_us < e.started_us THEN p.reached_us ELSE e.started_us END AS enabled_us,
    coalesce(w.until_us = e.started_us, false) AS waited
  FROM events e
  JOIN named_gaps p ON p.journey_id = e.journey_id AND p.seq = e.seq
  LEFT JOIN ready w ON w.journey_id = e.journey_id AND w.seq = e.seq
  LEFT JOIN team_calendars k ON k.owner = CAST(e.owner AS VARCHAR(1000))
  WHERE e.started_us < e.ended_us AND e.owned AND e.agent IS NOT NULL
),
reached AS (
  SELECT *, max(ended_us) OVER (
    PARTITION BY agent, activity ORDER BY started_us, ended_us, journey_id, seq
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until_us
  FROM working
),
runs AS (
  SELECT *, sum(CASE WHEN started_us <= busy_until_us THEN 0 ELSE 1 END) OVER (
    PARTITION BY agent, activity ORDER BY started_us, ended_us, journey_id, seq ROWS UNBOUNDED PRECEDING) AS run
  FROM reached
),
begun AS (
  SELECT *, min(started_us) OVER (PARTITION BY agent, activity, run) AS run_started_us FROM runs
),
batched AS (
  SELECT
    *,
    count(CASE WHEN enabled_us <= run_started_us THEN 1 END) OVER (PARTITION BY agent, activity, run) AS batch_size,
    max(CASE WHEN enabled_us <= run_started_us THEN enabled_us END) OVER (PARTITION BY agent, activity, run)
      AS complete_us
  FROM begun
),
resources AS (
  SELECT agent, calendar, row_number() OVER (ORDER BY agent, calendar) AS resource
  FROM (SELECT DISTINCT agent, calendar FROM working) known
)
SELECT
  b.journey_id, b.seq, b.agent, b.calendar, r.resource, b.team, b.activity, b.enabled_us, b.started_us, b.ended_us,
  b.waited,
  CASE WHEN b.batch_size > 1 AND b.enabled_us <= b.run_started_us THEN b.complete_us - b.enabled_us ELSE 0 END
    AS batching_us
FROM batched b
JOIN resources r ON r.agent = b.agent AND r.calendar = b.calendar
