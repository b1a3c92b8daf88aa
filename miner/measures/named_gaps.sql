-- table: named_gaps
-- definition: The elapsed time of a journey is cut at the latest end reached so far; each event's row carries the piece
--   from there to its own end, and the gap in it is named: tail, between, else after the next event that has an owner
--   or is the customer's (Time, every second once: gaps).
-- reads: events, settled, settings
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id string: the journey
--   seq int64: place of the event in the journey, from 0
--   started_us timestamp: start
--   ended_us timestamp: end
--   from_activity string: the previous activity
--   to_activity string: the activity
--   reached_us timestamp: latest end of the events before
--   gap_us seconds: time from there to the start, at least 0
--   gap_name string: what the gap is: customer_wait, handoff_wait, queue_wait, tail or between
--   gap_for string: what the gap waits for, as in transitions
--   named_seq int64: the event that ends the gap
--   handoff_position int64: position of the visit whose handoff the row belongs to; null before the first handoff
--
-- A naming is the place of an event that ends gaps and, in its last five bits, what a gap before it waits for, whether
-- the matter was settled before it, and whether it is waited for all the same; so the least one ahead is the next. Where the log knows no owner at all, a gap that nobody ends is queue_wait.
-- handoff_position is the visit of the handoff whose wait a piece carries, else of the one that opened its visit; null
-- before the first handoff.
WITH coded AS (
  SELECT
    e.journey_id, e.seq, e.started_us, e.ended_us, e.activity, e.opens_visit, e.position, s.contact_until_us,
    coalesce(s.settled_seq < e.seq, false) AS is_after,
    CASE WHEN e.event_type = 'abandoned' THEN 32 * e.seq + {{for_abandoned}}
         WHEN e.actor_type = 'customer' THEN 32 * e.seq + {{for_customer}}
         WHEN e.opens_visit AND e.position > 0 THEN 32 * e.seq + {{for_handoff}}
         WHEN e.opens_visit THEN 32 * e.seq + {{for_routing}}
         WHEN e.owned THEN 32 * e.seq + {{for_visit}} END
      + CASE WHEN s.settled_seq < e.seq THEN 8 ELSE 0 END + CASE WHEN s.is_waited_for THEN 16 ELSE 0 END AS naming
  FROM events e
  LEFT JOIN settled s ON s.interaction_id = CAST(e.interaction_id AS VARCHAR(1000))
),
reached AS (
  SELECT
    journey_id, seq, started_us, ended_us, activity, opens_visit, position, is_after,
    lag(activity) OVER w AS from_activity,
    max(ended_us) OVER earlier AS reached_us,
    max(contact_until_us) OVER earlier AS contact_until_us,
    min(naming) OVER from_here AS next_naming
  FROM coded
  WINDOW
    w AS (PARTITION BY journey_id ORDER BY seq),
    earlier AS (PARTITION BY journey_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    from_here AS (PARTITION BY journey_id ORDER BY seq ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
),
known AS (
  SELECT coalesce(max(CASE WHEN owned THEN 1 ELSE 0 END), 0) = 1 AS has_owners FROM events
),
judged AS (
  SELECT
    r.*, {{gap_for next_naming % 8}} AS next_kind,
    k.has_owners AND next_naming IS NULL OR coalesce(next_naming % 16 >= 8, false) AS is_tail,
    g.linked AND reached_us IS NOT NULL AND coalesce(contact_until_us < started_us, true) AS is_outside,
    coalesce(next_naming % 32 >= 16, false) AS is_waited_for
  FROM reached r
  CROSS JOIN known k
  CROSS JOIN settings g
),
named AS (
  SELECT
    *, CASE WHEN is_tail OR (is_outside AND is_after) THEN 'tail' WHEN is_outside AND NOT is_waited_for THEN 'between'
            WHEN next_kind = 'customer' THEN 'customer_wait' WHEN next_kind = 'handoff' THEN 'handoff_wait'
            ELSE 'queue_wait' END AS gap_name
  FROM judged
)
SELECT
  journey_id, seq, started_us, ended_us, from_activity, activity AS to_activity, reached_us,
  CASE WHEN started_us > reached_us THEN started_us - reached_us ELSE 0 END AS gap_us, gap_name,
  CASE WHEN gap_name = 'tail' THEN 'nobody' WHEN gap_name = 'between' THEN 'next contact'
       ELSE coalesce(next_kind, 'nobody') END AS gap_for,
  CAST((next_naming - next_naming % 32) / 32 AS BIGINT) AS named_seq,
  CASE WHEN next_kind = 'handoff' AND NOT opens_visit THEN position + 1 WHEN position > 0 THEN position END AS handoff_position
FROM named
