-- table: waiting_causes
-- definition: Why work waited, each cause minus the earlier ones (Time: causes of waiting, after Lashkevich et al.):
--   batching; contention: its person was busy with work possible at or before it; prioritisation: with work possible
--   after it; unavailability: the calendar was closed; extraneous: the rest.
-- reads: instances, busy
-- One row a wait of known start, end and person. Unavailability is null without a calendar. Waits that would need more
-- than 20 million steps in all, the shortest first, are left unexplained: all causes null.
WITH waits AS (
  SELECT
    journey_id, seq, team, activity, agent, calendar, enabled_us, started_us, started_us - enabled_us AS wait_us,
    CASE WHEN batching_us < started_us - enabled_us THEN batching_us ELSE started_us - enabled_us END AS batching_us
  FROM instances
  WHERE waited
),
numbered AS (
  SELECT *, row_number() OVER (ORDER BY journey_id, seq) AS no FROM waits
),
moments AS (
  SELECT agent, calendar, from_us AS at_us, 2 AS kind, k, CAST(NULL AS BIGINT) AS no, 0 AS is_end FROM busy
  UNION ALL
  SELECT agent, calendar, enabled_us + batching_us AS at_us, 1 AS kind, CAST(NULL AS BIGINT) AS k, no, 0 AS is_end
  FROM numbered
  UNION ALL
  SELECT agent, calendar, started_us AS at_us, 1 AS kind, CAST(NULL AS BIGINT) AS k, no, 1 AS is_end FROM numbered
),
-- the span that began last before each moment
placed AS (
  SELECT kind, no, is_end, max(k) OVER (
    PARTITION BY agent, calendar ORDER BY at_us, kind, no NULLS FIRST, is_end ROWS UNBOUNDED PRECEDING) AS k
  FROM moments
),
ranges AS (
  SELECT no, max(CASE WHEN is_end = 0 THEN k END) AS first_k, max(CASE WHEN is_end = 1 THEN k END) AS last_k
  FROM placed
  WHERE kind = 1
  GROUP BY no
),
ranged AS (
  SELECT
    w.*, coalesce(r.first_k, f.k) AS first_k, r.last_k,
    sum(coalesce(r.last_k - coalesce(r.first_k, f.k) + 1, 0)) OVER (
      ORDER BY coalesce(r.last_k - coalesce(r.first_k, f.k) + 1, 0), w.no ROWS UNBOUNDED PRECEDING) AS steps
  FROM numbered w
  JOIN ranges r ON r.no = w.no
  LEFT JOIN (SELECT agent, calendar, min(k) AS k FROM busy GROUP BY agent, calendar) f
    ON f.agent = w.agent AND f.calendar = w.calendar
),
crossed AS (
  SELECT no, enabled_us, started_us, batching_us, {{each first_k, last_k + 1}} AS k
  FROM ranged
  WHERE steps <= 20000000 AND wait_us > batching_us
),
met AS (
  SELECT
    w.no, b.oldest_us, b.closed, w.enabled_us,
    CASE WHEN b.to_us < w.started_us THEN b.to_us ELSE w.started_us END
      - CASE WHEN b.from_us > w.enabled_us + w.batching_us THEN b.from_us ELSE w.enabled_us + w.batching_us END
      AS met_us
  FROM crossed w
  JOIN busy b ON b.k = w.k
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
    w.*, w.steps <= 20000000 AS explained, coalesce(c.contention_us, 0) AS contention_us,
    coalesce(c.prioritisation_us, 0) AS prioritisation_us, coalesce(c.closed_us, 0) AS closed_us
  FROM ranged w
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
