-- table: off_hours
-- definition: The part of an own wait, a gap or a span in a queue, outside the working hours of the team that ends it
--   (Time: off_hours); no rows without a calendar.
-- reads: own_waits, events, team_calendars, open_hours
-- grain: journey_id, from_us
-- saved: no
-- columns:
--   journey_id string: the journey
--   piece int64: the row of transitions that it lies in
--   part string: handoff_wait (a gap after a handoff), routing (any other gap) or queue (a span in a queue)
--   from_us timestamp: start
--   off_us seconds: how much of it is outside working hours
--
-- One row a piece of waiting, known by where it begins. The open time before a moment is the open time before the latest
-- span that began by then, and what of it has passed.
WITH waiting AS (
  SELECT
    w.journey_id, w.piece, w.part, w.from_us, w.to_us, k.calendar,
    {{days w.from_us}} AS first_day,
    {{days w.to_us}} AS last_day
  FROM own_waits w
  LEFT JOIN events e ON e.journey_id = w.journey_id AND e.seq = w.seq AND e.owned
  JOIN team_calendars k ON k.owner = coalesce(CAST(e.owner AS VARCHAR(1000)), '')
),
begun AS (
  SELECT w.journey_id, w.from_us, max(o.before_us + least(w.from_us, o.to_us) - o.from_us) AS open_us
  FROM waiting w
  JOIN open_hours o ON o.calendar = w.calendar AND o.day = w.first_day AND o.from_us <= w.from_us
  GROUP BY w.journey_id, w.from_us
),
ended AS (
  SELECT
    w.journey_id, w.from_us, max(w.piece) AS piece, max(w.part) AS part, max(w.to_us - w.from_us) AS wait_us,
    max(o.before_us + least(w.to_us, o.to_us) - o.from_us) AS open_us
  FROM waiting w
  JOIN open_hours o ON o.calendar = w.calendar AND o.day = w.last_day AND o.from_us <= w.to_us
  GROUP BY w.journey_id, w.from_us
)
SELECT e.journey_id, e.piece, e.part, e.from_us, e.wait_us - (e.open_us - b.open_us) AS off_us
FROM ended e
JOIN begun b ON b.journey_id = e.journey_id AND b.from_us = e.from_us
