-- table: transitions
-- definition: One row per event: the piece of elapsed time that ends with it, split into parts that add up to it
--   (Time).
-- reads: named_gaps, covered_time, spans, off_hours
-- grain: journey_id, seq
-- saved: yes
-- order: journey_id, seq
-- columns:
--   journey_id string: the journey
--   seq int64: of the later event
--   from_activity string: the previous activity; null at seq 0, whose row has its own span
--   to_activity string: the activity
--   gap_us seconds: seconds from the latest end so far to its start, at least 0
--   work_us seconds: seconds of work
--   rework_us seconds: seconds of rework
--   hold_us seconds: seconds on hold
--   customer_wait_us seconds: seconds of waiting for the customer
--   queue_wait_us seconds: seconds in a queue, not caused by a handoff
--   handoff_wait_us seconds: seconds of waiting for the next team
--   off_hours_us seconds: seconds of waiting for us (a gap or a span in a queue) outside the working hours of the team
--     that ends it; 0 without a calendar
--   between_us seconds: seconds between two contacts of a linked journey
--   tail_us seconds: seconds after the issue was settled, until an automatic closing
--   rework_reason string: why the row's event is rework: return, reopen or repeat; null if it is not
--   gap_for string: what the gap before the event waits for: `customer`, `handoff` (a visit other than the first),
--     `visit` (an owner inside a visit), `routing` (the first visit), `abandoned` (a customer who gives up), `next
--     contact`, `nobody`
--   handoff_position int64: position of the visit whose handoff the row belongs to: the one it waits for, otherwise the
--     one that opened its visit; null before the first handoff
--
-- rework_reason (return, reopen, repeat) is that of the row's own event; gap_us is the time no event covers; off_hours is part of the waits only where a calendar is given.
WITH parts AS (
  SELECT
    journey_id, seq,
    sum(CASE WHEN part = 'hold' THEN to_us - from_us ELSE 0 END) AS hold_us,
    sum(CASE WHEN part = 'work' THEN to_us - from_us ELSE 0 END) AS work_us,
    sum(CASE WHEN part = 'rework' THEN to_us - from_us ELSE 0 END) AS rework_us,
    sum(CASE WHEN part = 'customer_wait' THEN to_us - from_us ELSE 0 END) AS customer_wait_us,
    sum(CASE WHEN part = 'queue_wait' THEN to_us - from_us ELSE 0 END) AS queue_wait_us
  FROM covered_time
  GROUP BY journey_id, seq
),
closed AS (
  SELECT
    journey_id, piece AS seq, sum(off_us) AS off_us, sum(CASE WHEN part = 'handoff_wait' THEN off_us ELSE 0 END) AS handoff_off_us,
    sum(CASE WHEN part <> 'handoff_wait' THEN off_us ELSE 0 END) AS queue_off_us
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
  CAST(coalesce(c.customer_wait_us, 0) + CASE WHEN p.gap_name = 'customer_wait' THEN p.gap_us ELSE 0 END AS BIGINT) AS customer_wait_us,
  CAST(coalesce(c.queue_wait_us, 0) + CASE WHEN p.gap_name = 'queue_wait' THEN p.gap_us ELSE 0 END - coalesce(o.queue_off_us, 0)
    AS BIGINT) AS queue_wait_us,
  CAST(CASE WHEN p.gap_name = 'handoff_wait' THEN p.gap_us ELSE 0 END - coalesce(o.handoff_off_us, 0) AS BIGINT) AS handoff_wait_us,
  CAST(coalesce(o.off_us, 0) AS BIGINT) AS off_hours_us,
  CASE WHEN p.gap_name = 'between' THEN p.gap_us ELSE 0 END AS between_us,
  CASE WHEN p.gap_name = 'tail' THEN p.gap_us ELSE 0 END AS tail_us, r.reason AS rework_reason,
  p.gap_for, p.handoff_position
FROM named_gaps p
LEFT JOIN parts c ON c.journey_id = p.journey_id AND c.seq = p.seq
LEFT JOIN closed o ON o.journey_id = p.journey_id AND o.seq = p.seq
LEFT JOIN reasons r ON r.journey_id = p.journey_id AND r.seq = p.seq
