-- table: cycle_time
-- definition: Cycle-time efficiency PT / (PT + WT) of all work of known people, by team and by activity, and what it
--   would be without the waits of each cause: PT / (PT + WT - WT of the cause) (Time: causes of waiting).
-- reads: instances, waiting_causes
-- PT: length of the instances; WT: their waits that are explained.
WITH scopes AS (
  SELECT 'all' AS kind, CAST(NULL AS VARCHAR(1000)) AS name, ended_us - started_us AS work_us, journey_id, seq
  FROM instances
  UNION ALL
  SELECT 'team' AS kind, CAST(team AS VARCHAR(1000)) AS name, ended_us - started_us AS work_us, journey_id, seq
  FROM instances
  UNION ALL
  SELECT 'activity' AS kind, CAST(activity AS VARCHAR(1000)) AS name, ended_us - started_us AS work_us, journey_id, seq
  FROM instances
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
