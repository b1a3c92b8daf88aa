-- table: cost_medians
-- definition: The medians that delay and handoff are measured against (Fragmentation Cost): of the queue waits inside
--   visits, zeros in, and of the handling time of visits in journeys without a handoff; of the same intent, or of all
--   intents where the intent is unknown or has fewer than 30.
-- reads: cost_journeys, cost_events, cost_transitions, handling_time
-- grain: component, intent
-- saved: no
-- columns:
--   component string: delay or handoff
--   intent string: the intent; null for all intents together
--   n int64: number of samples of the intent
--   is_own bool: the median is that of the intent itself
--   median_us seconds: the median
--
-- Visits whose handling time is unknown (points only) are left out. intent is null in the row of all intents.
WITH sampled AS (
  SELECT 'delay' AS component, j.intent, t.gap_us - t.off_hours_us AS sample_us
  FROM cost_transitions t
  JOIN cost_journeys j ON j.journey_id = t.journey_id
  WHERE t.gap_for = 'visit' AND t.seq > 0
  UNION ALL
  SELECT 'handoff' AS component, max(j.intent) AS intent, CAST(sum(h.handled_us) AS BIGINT) AS sample_us
  FROM handling_time h
  JOIN cost_events e ON e.journey_id = h.journey_id AND e.seq = h.seq
  JOIN cost_journeys j ON j.journey_id = h.journey_id
  WHERE j.handoffs = 0 AND e.owned
  GROUP BY h.journey_id
),
ranked AS (
  SELECT
    component, intent, sample_us,
    row_number() OVER (PARTITION BY component, intent ORDER BY sample_us) AS place,
    count(*) OVER (PARTITION BY component, intent) AS n,
    row_number() OVER (PARTITION BY component ORDER BY sample_us) AS place_of_all,
    count(*) OVER (PARTITION BY component) AS n_of_all
  FROM sampled
),
of_intents AS (
  SELECT component, intent, max(n) AS n, {{nearest_rank 50, sample_us, place, n}} AS median_us
  FROM ranked
  WHERE intent IS NOT NULL
  GROUP BY component, intent
),
of_all AS (
  SELECT component, max(n_of_all) AS n, {{nearest_rank 50, sample_us, place_of_all, n_of_all}} AS median_us
  FROM ranked
  GROUP BY component
),
intents AS (
  SELECT DISTINCT intent FROM cost_journeys WHERE intent IS NOT NULL
)
SELECT
  a.component, i.intent, coalesce(o.n, 0) AS n, coalesce(o.n, 0) >= 30 AS is_own,
  CASE WHEN o.n >= 30 THEN o.median_us ELSE a.median_us END AS median_us
FROM of_all a
CROSS JOIN intents i
LEFT JOIN of_intents o ON o.component = a.component AND o.intent = i.intent
UNION ALL
SELECT component, CAST(NULL AS VARCHAR(20)) AS intent, n, true AS is_own, median_us FROM of_all
