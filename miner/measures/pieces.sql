-- table: pieces
-- definition: The elapsed time of a journey is cut at the latest end reached so far; each event's row carries the piece
--   from there to its own end, and the gap in it is named after the next event that has an owner or is the customer's.
-- reads: events
-- gap_name: 1 customer_wait, 2 handoff_wait, 3 queue_wait.
WITH coded AS (
  SELECT
    journey_id, seq, started_us, ended_us, activity,
    CASE WHEN actor_type = 'customer' THEN 4 * seq + 1
         WHEN opens_visit AND position > 0 THEN 4 * seq + 2
         WHEN owned THEN 4 * seq + 3 END AS naming
  FROM events
),
reached AS (
  SELECT
    journey_id, seq, started_us, ended_us, activity,
    lag(activity) OVER w AS from_activity,
    max(ended_us) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_us,
    min(naming) OVER (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next_naming
  FROM coded
  WINDOW w AS (PARTITION BY journey_id ORDER BY seq)
)
SELECT
  journey_id, seq, started_us, ended_us, from_activity, activity AS to_activity, reached_us,
  CASE WHEN started_us > reached_us THEN started_us - reached_us ELSE 0 END AS gap_us,
  coalesce(next_naming % 4, 3) AS gap_name
FROM reached
