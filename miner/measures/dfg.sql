-- table: dfg
-- definition: How often one activity directly follows another in a journey, and the gaps between them: discrete,
--   nearest-rank percentiles (Order).
-- reads: transitions
-- grain: from_activity, to_activity
-- saved: yes
-- order: count DESC, from_activity, to_activity
-- columns:
--   from_activity string: the earlier
--   to_activity string: the later
--   count int64: how often
--   median_us seconds: median gap, seconds
--   p95_us seconds: 95th percentile of the gaps, seconds
--   total_us seconds: sum of the gaps, seconds
WITH ranked AS (
  SELECT
    from_activity, to_activity, gap_us,
    row_number() OVER (PARTITION BY from_activity, to_activity ORDER BY gap_us) AS place,
    count(*) OVER (PARTITION BY from_activity, to_activity) AS n
  FROM transitions
  WHERE seq > 0
)
SELECT
  from_activity, to_activity, count(*) AS count,
  {{nearest_rank 50, gap_us, place, n}} AS median_us,
  {{nearest_rank 95, gap_us, place, n}} AS p95_us,
  CAST(sum(gap_us) AS BIGINT) AS total_us
FROM ranked
GROUP BY from_activity, to_activity
