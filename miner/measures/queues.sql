-- table: queues
-- definition: The queue before each team (Bottleneck): total time lost, its spread, arrivals, the mean number waiting by
--   Little's law and as it is counted, the peak hour, and who was busy.
-- reads: queue_visits, queue_hours, events, pieces
-- Hours are calendar hours from the log's first event to its last. Counted: the number of journeys that wait at each
-- moment, averaged over time. handled_us is the length of the team's own spans, null where it has none.
WITH whole AS (
  SELECT max(ended_us) - min(started_us) AS span_us FROM events
),
waits AS (
  SELECT sum(wait_us) AS wait_us FROM queue_visits
),
ranked AS (
  SELECT
    team, wait_us, row_number() OVER (PARTITION BY team ORDER BY wait_us) AS place, count(*) OVER (PARTITION BY team) AS n
  FROM queue_visits
),
summed AS (
  SELECT
    team, count(*) AS visits, count(CASE WHEN wait_us > 0 THEN 1 END) AS waited, sum(wait_us) AS wait_us,
    min(CASE WHEN 100 * place >= 50 * n THEN wait_us END) AS median_us,
    min(CASE WHEN 100 * place >= 95 * n THEN wait_us END) AS p95_us
  FROM ranked
  GROUP BY team
),
steps AS (
  SELECT e.owner AS team, p.reached_us AS at_us, 1 AS step
  FROM pieces p
  JOIN events e ON e.journey_id = p.journey_id AND e.seq = p.named_seq
  WHERE p.gap_us > 0 AND p.gap_for IN (2, 4)
  UNION ALL
  SELECT e.owner AS team, p.started_us AS at_us, -1 AS step
  FROM pieces p
  JOIN events e ON e.journey_id = p.journey_id AND e.seq = p.named_seq
  WHERE p.gap_us > 0 AND p.gap_for IN (2, 4)
),
moments AS (
  SELECT team, at_us, sum(step) AS step FROM steps GROUP BY team, at_us
),
levels AS (
  SELECT
    team, sum(step) OVER (PARTITION BY team ORDER BY at_us ROWS UNBOUNDED PRECEDING) AS waiting,
    (lead(at_us) OVER (PARTITION BY team ORDER BY at_us)) - at_us AS lasted_us
  FROM moments
),
counted AS (
  SELECT team, sum(CAST(waiting AS DOUBLE) * lasted_us) AS waiting_us, CAST(max(waiting) AS BIGINT) AS most_waiting
  FROM levels
  GROUP BY team
),
peaks AS (
  SELECT team, weekday, hour, wait_us, row_number() OVER (
    PARTITION BY team ORDER BY wait_us DESC, weekday, hour) AS place
  FROM queue_hours
),
busy_teams AS (
  SELECT
    owner AS team, CAST(sum(CASE WHEN owned THEN ended_us - started_us ELSE 0 END) AS BIGINT) AS handled_us,
    count(DISTINCT agent) AS people
  FROM events
  WHERE owned
  GROUP BY owner
)
SELECT
  s.team, s.visits, s.waited, CAST(s.wait_us AS BIGINT) AS wait_us, s.median_us, s.p95_us,
  s.wait_us / nullif(CAST(w.wait_us AS DOUBLE), 0) AS share,
  s.visits / nullif(a.span_us / 3600000000.0, 0) AS arrivals_per_h,
  s.visits / nullif(a.span_us / 3600000000.0, 0) * (s.wait_us / 3600000000.0 / s.visits) AS waiting_little,
  coalesce(c.waiting_us, 0) / nullif(a.span_us, 0) AS waiting_counted, coalesce(c.most_waiting, 0) AS most_waiting,
  CASE WHEN s.wait_us > 0 THEN p.weekday END AS peak_weekday, CASE WHEN s.wait_us > 0 THEN p.hour END AS peak_hour,
  CASE WHEN s.wait_us > 0 THEN p.wait_us END AS peak_wait_us, nullif(b.handled_us, 0) AS handled_us,
  s.visits / nullif(b.handled_us / 3600000000.0, 0) AS served_per_handled_h,
  nullif(b.handled_us, 0) / nullif(CAST(a.span_us AS DOUBLE), 0) AS people_busy, nullif(b.people, 0) AS people
FROM summed s
CROSS JOIN whole a
CROSS JOIN waits w
LEFT JOIN counted c ON c.team = s.team
LEFT JOIN peaks p ON p.team = s.team AND p.place = 1
LEFT JOIN busy_teams b ON b.team = s.team
