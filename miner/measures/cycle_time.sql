-- table: cycle_time
-- definition: Cycle-time efficiency PT / (PT + WT) of all work of known people, by team and by activity, and what it
--   would be without the waits of each cause: PT / (PT + WT - WT of the cause) (Time: causes of waiting).
-- reads: activity_instances, waiting_causes
-- grain: kind, name
-- saved: yes
-- order: kind, wait_us DESC, name NULLS FIRST
-- columns:
--   kind string: `all`, `team` or `activity`
--   name string: the team or activity; null for all
--   instances int64: pieces of work with start, end and person
--   waits int64: of these, those that waited and are explained
--   work_us seconds: duration of the work, seconds
--   wait_us seconds: duration of the explained waits, seconds
--   batching_us seconds: of these batching, seconds
--   contention_us seconds: contention, seconds
--   prioritisation_us seconds: prioritisation, seconds
--   unavailability_us seconds: unavailability, seconds; null without a calendar
--   extraneous_us seconds: the rest, seconds
--   efficiency double: work / (work + wait), 0 to 1
--   without_batching double: the same without waits caused by batching
--   without_contention double: without waits caused by contention
--   without_prioritisation double: without waits caused by prioritisation
--   without_unavailability double: without waits caused by unavailability; null without a calendar
--   without_extraneous double: without the rest
--
-- PT: length of the instances; WT: their waits that are explained.
WITH scopes AS (
  SELECT 'all' AS kind, CAST(NULL AS VARCHAR(1000)) AS name, ended_us - started_us AS work_us, journey_id, seq
  FROM activity_instances
  UNION ALL
  SELECT 'team' AS kind, CAST(team AS VARCHAR(1000)) AS name, ended_us - started_us AS work_us, journey_id, seq
  FROM activity_instances
  UNION ALL
  SELECT 'activity' AS kind, CAST(activity AS VARCHAR(1000)) AS name, ended_us - started_us AS work_us, journey_id, seq
  FROM activity_instances
),
summed AS (
  SELECT
    s.kind, s.name, count(*) AS instances, count(c.extraneous_us) AS waits, CAST(sum(s.work_us) AS BIGINT) AS work_us,
    CAST(coalesce(sum(CASE WHEN c.extraneous_us IS NOT NULL THEN c.wait_us END), 0) AS BIGINT) AS wait_us,
    CAST(coalesce(sum(c.batching_us), 0) AS BIGINT) AS batching_us,
    CAST(coalesce(sum(c.contention_us), 0) AS BIGINT) AS contention_us,
    CAST(coalesce(sum(c.prioritisation_us), 0) AS BIGINT) AS prioritisation_us,
    CAST(sum(c.unavailability_us) AS BIGINT) AS unavailability_us,
    CAST(coalesce(sum(c.extraneous_us), 0) AS BIGINT) AS extraneous_us
  FROM scopes s
  LEFT JOIN waiting_causes c ON c.journey_id = s.journey_id AND c.seq = s.seq
  GROUP BY s.kind, s.name
)
SELECT
  *, work_us / nullif(CAST(work_us + wait_us AS DOUBLE), 0) AS efficiency,
  work_us / nullif(CAST(work_us + wait_us - batching_us AS DOUBLE), 0) AS without_batching,
  work_us / nullif(CAST(work_us + wait_us - contention_us AS DOUBLE), 0) AS without_contention,
  work_us / nullif(CAST(work_us + wait_us - prioritisation_us AS DOUBLE), 0) AS without_prioritisation,
  work_us / nullif(CAST(work_us + wait_us - unavailability_us AS DOUBLE), 0) AS without_unavailability,
  work_us / nullif(CAST(work_us + wait_us - extraneous_us AS DOUBLE), 0) AS without_extraneous
FROM summed
