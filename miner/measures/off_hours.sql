-- table: off_hours
-- definition: The part of a handoff_wait or queue_wait gap outside the working hours of the team that ends it (Time:
--   off_hours); no rows without a calendar.
-- reads: pieces, events, team_calendars, open_hours
-- The open time before a moment is the open time before the latest span that began by then, and what of it has passed.
WITH gaps AS (
  SELECT
    p.journey_id, p.seq, k.calendar, p.reached_us, p.started_us,
    CAST((p.reached_us - (p.reached_us % 86400000000 + 86400000000) % 86400000000) / 86400000000 AS BIGINT) AS first_day,
    CAST((p.started_us - (p.started_us % 86400000000 + 86400000000) % 86400000000) / 86400000000 AS BIGINT) AS last_day
  FROM pieces p
  LEFT JOIN events e ON e.journey_id = p.journey_id AND e.seq = p.named_seq
  JOIN team_calendars k ON k.owner = coalesce(CAST(e.owner AS VARCHAR(1000)), '')
  WHERE p.gap_us > 0 AND p.gap_name > 1
),
begun AS (
  SELECT g.journey_id, g.seq, max(o.before_us + least(g.reached_us, o.to_us) - o.from_us) AS open_us
  FROM gaps g
  JOIN open_hours o ON o.calendar = g.calendar AND o.day = g.first_day AND o.from_us <= g.reached_us
  GROUP BY g.journey_id, g.seq
),
ended AS (
  SELECT
    g.journey_id, g.seq, max(g.started_us - g.reached_us) AS gap_us,
    max(o.before_us + least(g.started_us, o.to_us) - o.from_us) AS open_us
  FROM gaps g
  JOIN open_hours o ON o.calendar = g.calendar AND o.day = g.last_day AND o.from_us <= g.started_us
  GROUP BY g.journey_id, g.seq
)
SELECT e.journey_id, e.seq, e.gap_us - (e.open_us - b.open_us) AS off_us
FROM ended e
JOIN begun b ON b.journey_id = e.journey_id AND b.seq = e.seq
