-- table: waiting_causes
-- definition: Why work waited, each cause minus the earlier ones (Time: causes of waiting, after Lashkevich et al.):
--   batching; contention: its person was busy with work possible at or before it; prioritisation: with work possible
--   after it; unavailability: the calendar was closed; extraneous: the rest.
-- reads: activity_instances, resource_spans
-- grain: journey_id, seq
-- saved: yes
-- order: journey_id, seq
-- columns:
--   journey_id string: the journey
--   seq int64: of the event that ends the wait
--   team string: its owner
--   activity string: its activity
--   wait_us seconds: seconds from when it was possible to its start: the uninterrupted waiting before it, including
--     spans in a queue
--   batching_us seconds: until the last of a batch was possible, seconds; null, like all causes, if there was too much
--     data to analyse
--   contention_us seconds: its person worked on something possible at or before it, seconds
--   prioritisation_us seconds: its person worked on something possible after it, seconds
--   unavailability_us seconds: outside working hours, seconds; null without a calendar, and then part of the rest
--   extraneous_us seconds: the rest, seconds
--
-- One row a wait of known start, end and person. Unavailability is null without a calendar. Where looking at all that
-- happened in the waits takes more than 20 million steps, those with most steps are left unexplained: all causes null.
WITH waiting AS (
  SELECT
    journey_id, seq, team, activity, resource, calendar, enabled_us, started_us, started_us - enabled_us AS wait_us,
    CASE WHEN batching_us < started_us - enabled_us THEN batching_us ELSE started_us - enabled_us END AS batching_us
  FROM activity_instances
  WHERE waited
),
numbered AS (
  SELECT *, row_number() OVER (ORDER BY journey_id, seq) AS no FROM waiting
),
moments AS (
  SELECT resource, from_us AS at_us, 2 AS kind, k, CAST(NULL AS BIGINT) AS no, 0 AS is_end FROM resource_spans
  UNION ALL
  SELECT resource, enabled_us + batching_us AS at_us, 1 AS kind, CAST(NULL AS BIGINT) AS k, no, 0 AS is_end
  FROM numbered
  UNION ALL
  SELECT resource, started_us AS at_us, 1 AS kind, CAST(NULL AS BIGINT) AS k, no, 1 AS is_end FROM numbered
),
-- the span that began last before each moment
placed AS (
  SELECT kind, no, is_end, max(k) OVER (
    PARTITION BY resource ORDER BY at_us, kind, no NULLS FIRST, is_end ROWS UNBOUNDED PRECEDING) AS k
  FROM moments
),
ranges AS (
  SELECT no, max(CASE WHEN is_end = 0 THEN k END) AS first_k, max(CASE WHEN is_end = 1 THEN k END) AS last_k
  FROM placed
  WHERE kind = 1
  GROUP BY no
),
ranged AS (
  SELECT w.no, coalesce(r.first_k, f.k) AS first_k, r.last_k, r.last_k - coalesce(r.first_k, f.k) + 1 AS steps
  FROM numbered w
  JOIN ranges r ON r.no = w.no
  LEFT JOIN (SELECT resource, min(k) AS k FROM resource_spans GROUP BY resource) f ON f.resource = w.resource
),
lengths AS (
  SELECT steps, sum(sum(steps)) OVER (ORDER BY steps ROWS UNBOUNDED PRECEDING) AS so_far FROM ranged GROUP BY steps
),
allowed AS (
  SELECT coalesce(max(steps), 0) AS most FROM lengths WHERE so_far <= 20000000
),
crossed AS (
  SELECT r.no, {{each r.first_k, r.last_k + 1}} AS k
  FROM ranged r
  JOIN allowed a ON r.steps <= a.most
),
met AS (
  SELECT
    w.no, b.oldest_us, b.closed, w.enabled_us,
    CASE WHEN b.to_us < w.started_us THEN b.to_us ELSE w.started_us END
      - CASE WHEN b.from_us > w.enabled_us + w.batching_us THEN b.from_us ELSE w.enabled_us + w.batching_us END
      AS met_us
  FROM crossed c
  JOIN resource_spans b ON b.k = c.k
  JOIN numbered w ON w.no = c.no
),
caused AS (
  SELECT
    no,
    sum(CASE WHEN met_us > 0 AND oldest_us <= enabled_us THEN met_us ELSE 0 END) AS contention_us,
    sum(CASE WHEN met_us > 0 AND oldest_us > enabled_us THEN met_us ELSE 0 END) AS prioritisation_us,
    sum(CASE WHEN met_us > 0 AND oldest_us IS NULL AND closed = 1 THEN met_us ELSE 0 END) AS closed_us
  FROM met
  GROUP BY no
),
told AS (
  SELECT
    w.*, coalesce(r.steps, 0) <= a.most AS explained, coalesce(c.contention_us, 0) AS contention_us,
    coalesce(c.prioritisation_us, 0) AS prioritisation_us, coalesce(c.closed_us, 0) AS closed_us
  FROM numbered w
  JOIN ranged r ON r.no = w.no
  CROSS JOIN allowed a
  LEFT JOIN caused c ON c.no = w.no
)
SELECT
  journey_id, seq, team, activity, wait_us,
  CAST(CASE WHEN explained THEN batching_us END AS BIGINT) AS batching_us,
  CAST(CASE WHEN explained THEN contention_us END AS BIGINT) AS contention_us,
  CAST(CASE WHEN explained THEN prioritisation_us END AS BIGINT) AS prioritisation_us,
  CAST(CASE WHEN explained AND calendar <> '' THEN closed_us END AS BIGINT) AS unavailability_us,
  CAST(CASE WHEN explained THEN wait_us - batching_us - contention_us - prioritisation_us - closed_us END AS BIGINT)
    AS extraneous_us
FROM told
