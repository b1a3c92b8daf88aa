-- table: queue_hours
-- definition: The weekday and hour, in the team's own zone, in which visits join its queue, how long those wait, and in
--   which it takes visits up (Bottleneck: weekday and hour profile).
-- reads: queue_visits, team_zones, zone_offsets
-- weekday 1 is Monday. Local time is that of the moment itself, summer time or not.
WITH moments AS (
  SELECT team, joined_us AS at_us, 1 AS arrivals, wait_us, 0 AS taken_up FROM queue_visits
  UNION ALL
  SELECT team, arrived_us AS at_us, 0 AS arrivals, 0 AS wait_us, 1 AS taken_up FROM queue_visits
),
local_times AS (
  SELECT m.team, m.arrivals, m.wait_us, m.taken_up, m.at_us + coalesce(o.offset_us, 0) AS local_us
  FROM moments m
  LEFT JOIN team_zones z ON z.owner = CAST(m.team AS VARCHAR(1000))
  LEFT JOIN zone_offsets o ON o.zone = z.zone AND m.at_us >= o.from_us AND m.at_us < o.to_us
),
hours AS (
  SELECT
    team, arrivals, wait_us, taken_up,
    CAST((local_us - (local_us % 3600000000 + 3600000000) % 3600000000) / 3600000000 AS BIGINT) AS hour_no
  FROM local_times
),
-- hour 0 of 1970 was a Thursday's: 72 hours after a Monday's
placed AS (
  SELECT team, arrivals, wait_us, taken_up, ((hour_no + 72) % 168 + 168) % 168 AS hour_of_week FROM hours
)
SELECT
  team, CAST((hour_of_week - hour_of_week % 24) / 24 AS BIGINT) + 1 AS weekday, hour_of_week % 24 AS hour,
  CAST(sum(arrivals) AS BIGINT) AS arrivals, CAST(sum(wait_us) AS BIGINT) AS wait_us,
  CAST(sum(taken_up) AS BIGINT) AS taken_up
FROM placed
GROUP BY team, hour_of_week
