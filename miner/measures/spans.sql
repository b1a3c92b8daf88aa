-- table: spans
-- definition: Events with a start before their end, each named hold, work, rework, customer_wait or queue_wait (Time).
-- reads: events, visits
-- grain: journey_id, seq, from_us
-- saved: no
-- columns:
--   journey_id string: the journey
--   seq int64: place of the event in the journey, from 0
--   from_us timestamp: start
--   to_us timestamp: end
--   part string: hold, work, rework, customer_wait or queue_wait
--   reason string: why it is rework: return, reopen or repeat; null if it is not
--   why string: the same, of the part on hold too
--
-- Declared hold seconds are taken from the end of the span. Rework: an actor's span in a return visit, after a reopen,
-- or repeating an activity of an earlier visit; the first of these is the reason (why: the same, of the part on hold
-- too). part: 1 hold, 2 work, 3 rework, 4 customer_wait, 5 queue_wait, in the order of precedence.
WITH reopened AS (
  SELECT journey_id, min(seq) AS reopened_seq FROM events WHERE event_type = 'reopened' GROUP BY journey_id
),
spanning AS (
  SELECT
    journey_id, seq, started_us, ended_us, position, activity, event_type,
    CASE WHEN event_type IN ('hold', 'hold_start') THEN ended_us - started_us
         WHEN coalesce(hold_us, 0) > ended_us - started_us THEN ended_us - started_us
         ELSE coalesce(hold_us, 0) END AS held_us,
    CASE WHEN actor_type = 'customer' THEN 'customer_wait' WHEN actor_type IN ('system', 'rule') THEN 'queue_wait'
         ELSE 'work' END AS part
  FROM events
  WHERE started_us < ended_us
),
journeys_with_spans AS (
  SELECT DISTINCT journey_id FROM spanning
),
first_done AS (
  SELECT e.journey_id, e.activity, min(e.position) AS first_position
  FROM events e JOIN journeys_with_spans s ON e.journey_id = s.journey_id
  WHERE e.owned  -- what the customer or a system did meanwhile is no part of a visit
  GROUP BY e.journey_id, e.activity
),
judged AS (
  SELECT
    s.*,
    CASE WHEN s.part <> 'work' THEN NULL
         WHEN v.is_return THEN 'return'
         WHEN s.seq > r.reopened_seq THEN 'reopen'
         WHEN d.first_position < s.position AND coalesce(s.event_type, '') NOT IN (
           'message', 'note', 'started', 'agent_connected', 'agent_offered', 'agent_no_answer', 'agent_released', 'hold',
           'hold_start', 'hold_end', 'queue_enter', 'queue_exit', 'wrapup_start', 'wrapup_end', 'ivr_enter', 'ivr_exit',
           'consult_start', 'conference_join') THEN 'repeat' END AS reason
  FROM spanning s
  LEFT JOIN visits v ON v.journey_id = s.journey_id AND v.position = s.position
  LEFT JOIN reopened r ON r.journey_id = s.journey_id
  LEFT JOIN first_done d ON d.journey_id = s.journey_id AND d.activity = s.activity
)
SELECT journey_id, seq, started_us AS from_us, ended_us - held_us AS to_us,
       CASE WHEN reason IS NULL THEN part ELSE 'rework' END AS part, reason, reason AS why
FROM judged WHERE ended_us - held_us > started_us
UNION ALL
SELECT journey_id, seq, ended_us - held_us AS from_us, ended_us AS to_us, 'hold' AS part, CAST(NULL AS VARCHAR(20)) AS reason, reason AS why
FROM judged WHERE held_us > 0
