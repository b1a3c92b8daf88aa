// title: A slow step by weekday and hour
// question: At which hours of the week is this step slow?
// params: from_activity (str, the earlier activity), to_activity (str, the later activity),
//   limit = 168 (int, largest number of rows)
// returns: weekday (1 is Monday, of the end of the earlier event in the run's time zone), hour (0 to 23), steps (count),
//   gap_s_total (seconds between the two, summed), gap_s_median (seconds), gap_s_p95 (seconds),
//   own_wait_s_total (seconds of waiting for us, the customer's own time left out)
// reading: A row is an hour of the week, most own waiting first. Hours before a weekend or after closing time
//   wait for the next shift; others wait for people.
// index: Event.activity
MATCH (a:Event)-[d:DF]->(b:Event)
WHERE a.activity = $from_activity AND b.activity = $to_activity
WITH (a.ended_hour / 24 + 3) % 7 + 1 AS weekday, a.ended_hour % 24 AS hour, d.gap_s AS gap, d.own_wait_s AS own
ORDER BY gap
WITH weekday, hour, count(*) AS steps, sum(gap) AS gap_s_total, collect(gap) AS gaps, sum(own) AS own_wait_s_total
RETURN weekday, hour, steps, gap_s_total, gaps[(50 * size(gaps) + 99) / 100 - 1] AS gap_s_median,
       gaps[(95 * size(gaps) + 99) / 100 - 1] AS gap_s_p95, own_wait_s_total
ORDER BY own_wait_s_total DESC, steps DESC, weekday, hour
LIMIT $limit
