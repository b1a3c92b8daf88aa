-- table: transitions
-- definition: One row per event: the piece of elapsed time that ends with it, split into parts that add up to it (Time).
-- reads: pieces, covered, spans, off_hours
-- rework_reason (return, reopen, repeat) is that of the row's own event; gap_us is the time no event covers; off_hours is part of the waits only where a calendar is given.
WITH parts AS (
  SELECT
    journey_id, seq,
    sum(CASE WHEN part = 1 THEN to_us - from_us ELSE 0 END) AS hold_us,
    sum(CASE WHEN part = 2 THEN to_us - from_us ELSE 0 END) AS work_us,
    sum(CASE WHEN part = 3 THEN to_us - from_us ELSE 0 END) AS rework_us,
    sum(CASE WHEN part = 4 THEN to_us - from_us ELSE 0 END) AS customer_wait_us,
    sum(CASE WHEN part = 5 THEN to_us - from_us ELSE 0 END) AS queue_wait_us
  FROM covered
  GROUP BY journey_id, seq
),
closed AS (
  SELECT
    journey_id, piece AS seq, sum(off_us) AS off_us, sum(CASE WHEN part = 1 THEN off_us ELSE 0 END) AS handoff_off_us,
    sum(CASE WHEN part > 1 THEN off_us ELSE 0 END) AS queue_off_us
  FROM off_hours
  GROUP BY journey_id, piece
),
reasons AS (
  SELECT journey_id, seq, max(why) AS reason FROM spans WHERE why IS NOT NULL GROUP BY journey_id, seq
)
SELECT
  p.journey_id, p.seq, p.from_activity, p.to_activity, p.gap_us,
  CAST(coalesce(c.work_us, 0) AS BIGINT) AS work_us,
  CAST(coalesce(c.rework_us, 0) AS BIGINT) AS rework_us,
  CAST(coalesce(c.hold_us, 0) AS BIGINT) AS hold_us,
  CAST(coalesce(c.customer_wait_us, 0) + CASE WHEN p.gap_name = 1 THEN p.gap_us ELSE 0 END AS BIGINT) AS customer_wait_us,
  CAST(coalesce(c.queue_wait_us, 0) + CASE WHEN p.gap_name = 3 THEN p.gap_us ELSE 0 END - coalesce(o.queue_off_us, 0)
    AS BIGINT) AS queue_wait_us,
  CAST(CASE WHEN p.gap_name = 2 THEN p.gap_us ELSE 0 END - coalesce(o.handoff_off_us, 0) AS BIGINT) AS handoff_wait_us,
  CAST(coalesce(o.off_us, 0) AS BIGINT) AS off_hours_us,
  CASE WHEN p.gap_name = 5 THEN p.gap_us ELSE 0 END AS between_us,
  CASE WHEN p.gap_name = 4 THEN p.gap_us ELSE 0 END AS tail_us, r.reason AS rework_reason,
  CASE p.gap_for WHEN 1 THEN 'customer' WHEN 2 THEN 'handoff' WHEN 3 THEN 'visit' WHEN 4 THEN 'routing'
                 WHEN 6 THEN 'abandoned' WHEN 7 THEN 'next contact' ELSE 'nobody' END AS gap_for,
  p.handoff_position
FROM pieces p
LEFT JOIN parts c ON c.journey_id = p.journey_id AND c.seq = p.seq
LEFT JOIN closed o ON o.journey_id = p.journey_id AND o.seq = p.seq
LEFT JOIN reasons r ON r.journey_id = p.journey_id AND r.seq = p.seq
