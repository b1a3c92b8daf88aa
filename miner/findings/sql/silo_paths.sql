-- query: silos/silo_paths
-- Paths that take longer than journeys of the same intents inside one silo, beyond chance.
WITH ended AS (
  SELECT t.path_id, count(j.counted_outcome) AS known,
         count(*) FILTER (WHERE list_contains(CAST($good AS VARCHAR[]), lower(j.counted_outcome))) AS good
  FROM taken_paths t JOIN outcomes_of_journeys j USING (journey_id)
  GROUP BY t.path_id
)
SELECT p.path, p.journeys, p.compared, p.own_wait_s_total, p.extra_s_total, p.extra_corrected_s, p.extra_low_s,
       p.extra_high_s, e.good / nullif(e.known, 0) AS good_share
FROM silo_paths p JOIN ended e USING (path_id)
WHERE p.journeys >= $least AND p.is_longer AND p.own_wait_s_total > 0
ORDER BY p.own_wait_s_total DESC, p.journeys DESC, p.path
