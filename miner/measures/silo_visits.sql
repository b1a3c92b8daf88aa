-- table: silo_visits
-- definition: A maximal run of a journey's visits in the same silo; visits without a silo do not interrupt it (Owner,
--   Visit).
-- reads: visits
-- grain: journey_id, position
-- saved: yes
-- order: journey_id, position
-- columns:
--   journey_id string: the journey
--   position int64: place among the journey's silo visits, from 0
--   silo string: the silo
--   first_position int64: `position` of its first visit
--   last_position int64: `position` of its last visit
--
-- position counts the runs of a journey from 0; first_position and last_position are the visits it spans.
WITH known AS (
  SELECT journey_id, position, silo, lag(silo) OVER (PARTITION BY journey_id ORDER BY position) AS before
  FROM visits
  WHERE silo IS NOT NULL
),
numbered AS (
  SELECT
    journey_id, position, silo,
    sum(CASE WHEN before IS NULL OR before <> silo THEN 1 ELSE 0 END)
      OVER (PARTITION BY journey_id ORDER BY position ROWS UNBOUNDED PRECEDING) AS run
  FROM known
)
SELECT journey_id, CAST(run - 1 AS BIGINT) AS position, silo, min(position) AS first_position, max(position) AS last_position
FROM numbered
GROUP BY journey_id, run, silo
