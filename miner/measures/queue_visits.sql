-- table: queue_visits
-- definition: What each visit waited for its team before it began (Bottleneck): the handoff and first-routing gaps that its
--   first event ends, and since when; a visit that nothing waited for joins the queue when it begins.
-- reads: visits, pieces
-- What the customer or a span of a system takes is no gap and no part of it.
WITH waited AS (
  SELECT journey_id, named_seq, sum(gap_us) AS wait_us, min(reached_us) AS joined_us
  FROM pieces
  WHERE gap_us > 0 AND gap_for IN (2, 4)
  GROUP BY journey_id, named_seq
)
SELECT
  v.journey_id, v.position, v.owner AS team, v.arrived_us, CAST(coalesce(w.wait_us, 0) AS BIGINT) AS wait_us,
  coalesce(w.joined_us, v.arrived_us) AS joined_us
FROM visits v
LEFT JOIN waited w ON w.journey_id = v.journey_id AND w.named_seq = v.opened_seq
