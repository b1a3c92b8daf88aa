-- table: pieces
-- definition: The elapsed time of a journey is cut at the latest end reached so far; each event's row carries the piece
--   from there to its own end, and the gap in it is named after the next event that has an owner or is the customer's.
-- reads: events
-- gap_name: 1 customer_wait, 2 handoff_wait, 3 queue_wait. gap_for: 1 the customer, 2 a visit other than the first, 3 an
-- owner inside a visit, 4 the first visit, 5 nobody; named_seq is the event that ends the gap. handoff_position is the
-- visit of the handoff whose wait a piece carries, else of the one that opened its visit; null before the first handoff.
WITH coded AS (
  SELECT
    journey_id, seq, started_us, ended_us, activity, opens_visit, position,
    CASE WHEN actor_type = 'customer' THEN 8 * seq + 1
         WHEN opens_visit AND position > 0 THEN 8 * seq + 2
         WHEN opens_visit THEN 8 * seq + 4
         WHEN owned THEN 8 * seq + 3 END AS naming
  FROM events
),
reached AS (
  SELECT
    journey_id, seq, started_us, ended_us, activity, opens_visit, position,
    lag(activity) OVER w AS from_activity,
    max(ended_us) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_us,
    min(naming) OVER (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next_naming
  FROM coded
  WINDOW w AS (PARTITION BY journey_id ORDER BY seq)
)
SELECT
  journey_id, seq, started_us, ended_us, from_activity, activity AS to_activity, reached_us,
  CASE WHEN started_us > reached_us THEN started_us - reached_us ELSE 0 END AS gap_us,
  CASE WHEN next_naming % 8 < 3 THEN next_naming % 8 ELSE 3 END AS gap_name,
  coalesce(next_naming % 8, 5) AS gap_for, CAST((next_naming - next_naming % 8) / 8 AS BIGINT) AS named_seq,
  CASE WHEN next_naming % 8 = 2 AND NOT opens_visit THEN position + 1 WHEN position > 0 THEN position END AS handoff_position
FROM reached
