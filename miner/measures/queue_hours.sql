-- table: queue_hours
-- definition: The weekday and hour, in the team's own zone, in which waits for it begin, how long those are, in which
--   it takes them up, and how much of its waiting lies in that hour (Bottleneck: weekday and hour profile).
-- reads: waits, ended_waits, team_zones, zone_offsets
-- grain: team, weekday, hour
-- saved: yes
-- order: team, weekday, hour
-- columns:
--   team string: the team or queue waited for, as in `waits`
--   weekday int64: 1 is Monday
--   hour int64: 0 to 23, local time of the moment itself
--   arrivals int64: waits that begin
--   wait_us seconds: duration of these, seconds
--   waiting_us seconds: seconds of waiting within this hour, whenever the wait began
--   taken_up int64: visits that begin
--
-- weekday 1 is Monday. Local time is that of the moment itself, summer time or not. What lies in an hour: the hours in
-- which a wait begins and ends are parts, whole weeks between them lie in all hours alike, and of the rest each whole hour
-- is stepped up where it begins and down where it ends.
WITH moments AS (
  SELECT team, joined_us AS at_us, 1 AS arrivals, wait_us, 0 AS taken_up FROM waits
  UNION ALL
  SELECT team, ended_us AS at_us, 0 AS arrivals, 0 AS wait_us, 1 AS taken_up FROM waits WHERE ending = 'visit'
),
local_times AS (
  SELECT m.team, m.arrivals, m.wait_us, m.taken_up, m.at_us + coalesce(o.offset_us, 0) AS local_us
  FROM moments m
  LEFT JOIN team_zones z ON z.owner = m.team
  LEFT JOIN team_zones d ON d.owner = ''
  LEFT JOIN zone_offsets o ON o.zone = coalesce(z.zone, d.zone) AND m.at_us >= o.from_us AND m.at_us < o.to_us
),
-- a wait over a change of the clock is one of two clocks
local_waits AS (
  SELECT
    w.team, CASE WHEN o.from_us > p.from_us THEN o.from_us ELSE p.from_us END + coalesce(o.offset_us, 0) AS from_us,
    CASE WHEN o.to_us < p.to_us THEN o.to_us ELSE p.to_us END + coalesce(o.offset_us, 0) AS to_us
  FROM ended_waits p
  JOIN waits w ON w.journey_id = p.journey_id AND w.seq = p.seq
  LEFT JOIN team_zones z ON z.owner = w.team
  LEFT JOIN team_zones d ON d.owner = ''
  LEFT JOIN zone_offsets o ON o.zone = coalesce(z.zone, d.zone) AND p.from_us < o.to_us AND p.to_us > o.from_us
),
-- hour 0 of 1970 was a Thursday's: 72 hours after a Monday's
hours AS (
  SELECT
    team, arrivals, wait_us, taken_up,
    {{hours local_us}} + 72 AS hour_no
  FROM local_times
),
hour_spans AS (
  SELECT
    team, from_us, to_us,
    {{hours from_us}} + 72 AS first_no,
    {{hours to_us}} + 72 AS last_no
  FROM local_waits
),
whole AS (
  SELECT
    team, ((first_no + 1) % 168 + 168) % 168 AS begin_at, (last_no - first_no - 1) % 168 AS rest,
    CAST((last_no - first_no - 1 - (last_no - first_no - 1) % 168) / 168 AS BIGINT) AS weeks
  FROM hour_spans
  WHERE last_no > first_no + 1
),
parts AS (
  SELECT
    team, (first_no % 168 + 168) % 168 AS hour_of_week,
    CASE WHEN last_no = first_no THEN to_us ELSE (first_no - 71) * {{hour}} END - from_us AS us, 0 AS step
  FROM hour_spans
  UNION ALL
  SELECT team, (last_no % 168 + 168) % 168 AS hour_of_week, to_us - (last_no - 72) * {{hour}} AS us, 0 AS step
  FROM hour_spans WHERE last_no > first_no
  UNION ALL
  SELECT team, 0 AS hour_of_week, 0 AS us, weeks AS step FROM whole
  UNION ALL
  SELECT team, begin_at AS hour_of_week, 0 AS us, 1 AS step FROM whole WHERE rest > 0
  UNION ALL
  SELECT team, begin_at + rest AS hour_of_week, 0 AS us, -1 AS step FROM whole WHERE rest > 0 AND begin_at + rest < 168
  UNION ALL
  SELECT team, 0 AS hour_of_week, 0 AS us, 1 AS step FROM whole WHERE begin_at + rest > 168
  UNION ALL
  SELECT team, begin_at + rest - 168 AS hour_of_week, 0 AS us, -1 AS step FROM whole WHERE begin_at + rest > 168
),
grid AS (
  SELECT team, {{each 0, 168}} AS hour_of_week FROM (SELECT DISTINCT team FROM waits) known
),
summed AS (
  SELECT team, hour_of_week, sum(us) AS us, sum(step) AS step FROM parts GROUP BY team, hour_of_week
),
lying AS (
  SELECT
    g.team, g.hour_of_week, coalesce(s.us, 0) + {{hour}} * sum(coalesce(s.step, 0)) OVER (
      PARTITION BY g.team ORDER BY g.hour_of_week ROWS UNBOUNDED PRECEDING) AS waiting_us
  FROM grid g
  LEFT JOIN summed s ON s.team = g.team AND s.hour_of_week = g.hour_of_week
),
placed AS (
  SELECT
    team, (hour_no % 168 + 168) % 168 AS hour_of_week, sum(arrivals) AS arrivals, sum(wait_us) AS wait_us,
    sum(taken_up) AS taken_up
  FROM hours
  GROUP BY team, (hour_no % 168 + 168) % 168
)
SELECT
  l.team, CAST((l.hour_of_week - l.hour_of_week % 24) / 24 AS BIGINT) + 1 AS weekday, l.hour_of_week % 24 AS hour,
  CAST(coalesce(p.arrivals, 0) AS BIGINT) AS arrivals, CAST(coalesce(p.wait_us, 0) AS BIGINT) AS wait_us,
  CAST(l.waiting_us AS BIGINT) AS waiting_us, CAST(coalesce(p.taken_up, 0) AS BIGINT) AS taken_up
FROM lying l
LEFT JOIN placed p ON p.team = l.team AND p.hour_of_week = l.hour_of_week
WHERE l.waiting_us > 0 OR p.team IS NOT NULL
