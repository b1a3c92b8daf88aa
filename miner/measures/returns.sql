-- table: returns
-- definition: A visit with an earlier visit of the same owner; its partner is the latest such one (Return). The loop's
--   order is the number of distinct owners strictly between, plus one. It is avoidable when nothing between its visits
--   left a trace: no status or field change, no message; null where the sources record none of these.
-- reads: visits, events
-- grain: journey_id, to_position
-- saved: yes
-- order: journey_id, to_position
-- columns:
--   journey_id string: the journey
--   from_position int64: the latest earlier visit of the same owner
--   to_position int64: the visit that is the return
--   owner string: whose visits they are
--   hops int64: `to_position` minus `from_position`
--   order int64 = loop_order: distinct owners in between, plus one
--   avoidable bool: nothing in between could justify it; null if the log cannot tell
-- unsaved:
--   loop_order int64: saved as order, which is a word of SQL
WITH partnered AS (
  SELECT
    journey_id, owner, position AS to_position, opened_seq,
    lag(position) OVER w AS from_position, lag(closed_seq) OVER w AS closed_seq
  FROM visits
  WINDOW w AS (PARTITION BY journey_id, owner ORDER BY position)
),
returned AS (
  SELECT * FROM partnered WHERE from_position IS NOT NULL
),
-- between visits two hops apart there is one owner: only the longer ways need counting
between_owners AS (
  SELECT r.journey_id, r.to_position, count(DISTINCT v.owner) AS owners
  FROM returned r
  JOIN visits v ON v.journey_id = r.journey_id AND v.position > r.from_position AND v.position < r.to_position
  WHERE r.to_position - r.from_position > 2
  GROUP BY r.journey_id, r.to_position
),
traces AS (
  SELECT journey_id, seq, source_system FROM events
  WHERE event_type IN ('status_changed', 'field_changed', 'message', 'resolved', 'closed', 'reopened', 'escalated',
                       'survey_answered', 'callback_requested')
),
recording AS (
  SELECT DISTINCT e.journey_id
  FROM events e
  JOIN (SELECT DISTINCT coalesce(source_system, '') AS source_system FROM traces) t
    ON t.source_system = coalesce(e.source_system, '')
),
worked AS (
  SELECT DISTINCT r.journey_id, r.to_position
  FROM returned r
  JOIN traces t ON t.journey_id = r.journey_id AND t.seq > r.closed_seq AND t.seq < r.opened_seq
)
SELECT
  r.journey_id, r.from_position, r.to_position, r.owner, r.to_position - r.from_position AS hops,
  coalesce(b.owners, 1) + 1 AS loop_order,
  CASE WHEN c.journey_id IS NOT NULL THEN w.journey_id IS NULL END AS avoidable
FROM returned r
LEFT JOIN between_owners b ON b.journey_id = r.journey_id AND b.to_position = r.to_position
LEFT JOIN recording c ON c.journey_id = r.journey_id
LEFT JOIN worked w ON w.journey_id = r.journey_id AND w.to_position = r.to_position
