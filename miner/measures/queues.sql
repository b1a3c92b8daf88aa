-- table: queues
-- definition: The queue before each team (Bottleneck): total time waited, its spread, what was handed over, first
--   routing and queue, who gave up, arrivals, the mean number waiting by Little's law and as it is counted, the peak
--   hour, and who was busy.
-- reads: waits, ended_waits, queue_hours, events
-- grain: team
-- saved: yes
-- order: wait_us DESC, team
-- columns:
--   team string: the team or queue waited for, as in `waits`
--   kind string: `team`, `queue` or `person`
--   waits int64: waits, i.e. arrivals
--   visits int64: of these, those ended by a visit
--   journeys int64: journeys with at least one
--   waited int64: waits longer than 0
--   handed_over int64: waits after a handoff
--   queued int64: waits that went through a queue
--   gave_up int64: waits that ended with the customer giving up
--   gave_up_share double: share of the queued ones, 0 to 1; null without any
--   wait_us seconds: total wait, seconds: the sum of the next three
--   handed_us seconds: gaps after a handoff, seconds
--   routing_us seconds: gaps before the first owner, seconds
--   queue_us seconds: spans in a queue, seconds
--   gave_up_us seconds: of the total, time until the customer gave up, seconds
--   median_us seconds: median wait, including zeros, seconds
--   p95_us seconds: 95th percentile, seconds
--   queued_median_us seconds: median of the waits that went through a queue, seconds; null without any
--   queued_p95_us seconds: 95th percentile of the same, seconds
--   share double: share of all waiting in this table, 0 to 1
--   arrivals_per_h double: waits per calendar hour of the log
--   waiting_little double: mean number waiting: arrivals per hour × mean wait in hours (Little's law)
--   waiting_counted double: mean number waiting, counted at every moment
--   most_waiting int64: largest number waiting at once
--   peak_weekday int64: 1 is Monday: weekday in which most waiting begins, in the team's zone; null without waiting
--   peak_hour int64: hour of that day, 0 to 23
--   peak_wait_us seconds: waiting that began in that hour of the week, seconds
--   handled_us seconds: duration of the team's own events, seconds; null if none has one
--   served_per_handled_h double: service rate: visits per hour of these
--   people_busy double: mean number of people busy, over all hours of the log
--   people int64: people seen; null if none is known
--
-- Hours are calendar hours from the log's first event to its last. Counted: the number of journeys that wait at each
-- moment, averaged over time. handled_us is the length of the team's own spans, null where it has none. The share that
-- gave up is that of the waits that went through a queue, null without any.
WITH whole AS (
  SELECT max(ended_us) - min(started_us) AS span_us FROM events
),
total AS (
  SELECT sum(wait_us) AS wait_us FROM waits
),
ranked AS (
  SELECT
    *, row_number() OVER (PARTITION BY team ORDER BY wait_us) AS place, count(*) OVER (PARTITION BY team) AS n,
    row_number() OVER (PARTITION BY team, queued ORDER BY wait_us) AS queued_place,
    count(*) OVER (PARTITION BY team, queued) AS queued_n
  FROM waits
),
summed AS (
  SELECT
    team, min(kind) AS kind, count(*) AS waits, count(position) AS visits, count(DISTINCT journey_id) AS journeys,
    count(CASE WHEN wait_us > 0 THEN 1 END) AS waited, count(CASE WHEN handed_over THEN 1 END) AS handed_over,
    count(CASE WHEN queued THEN 1 END) AS queued, count(CASE WHEN ending = 'gave_up' THEN 1 END) AS gave_up,
    count(CASE WHEN ending = 'gave_up' AND queued THEN 1 END) AS gave_up_queued,
    sum(wait_us) AS wait_us, sum(handed_us) AS handed_us, sum(routing_us) AS routing_us, sum(queue_us) AS queue_us,
    sum(CASE WHEN ending = 'gave_up' THEN wait_us ELSE 0 END) AS gave_up_us,
    {{nearest_rank 50, wait_us, place, n}} AS median_us,
    {{nearest_rank 95, wait_us, place, n}} AS p95_us,
    {{nearest_rank 50, CASE WHEN queued THEN wait_us END, queued_place, queued_n}} AS queued_median_us,
    {{nearest_rank 95, CASE WHEN queued THEN wait_us END, queued_place, queued_n}} AS queued_p95_us
  FROM ranked
  GROUP BY team
),
steps AS (
  SELECT w.team, p.from_us AS at_us, 1 AS step
  FROM ended_waits p JOIN waits w ON w.journey_id = p.journey_id AND w.seq = p.seq
  UNION ALL
  SELECT w.team, p.to_us AS at_us, -1 AS step
  FROM ended_waits p JOIN waits w ON w.journey_id = p.journey_id AND w.seq = p.seq
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
    CAST(owner AS VARCHAR(1000)) AS team,
    CAST(sum(CASE WHEN owned THEN ended_us - started_us ELSE 0 END) AS BIGINT) AS handled_us,
    count(DISTINCT agent) AS people
  FROM events
  WHERE owned
  GROUP BY owner
)
SELECT
  s.team, s.kind, s.waits, s.visits, s.journeys, s.waited, s.handed_over, s.queued, s.gave_up,
  s.gave_up_queued / nullif(CAST(s.queued AS DOUBLE), 0) AS gave_up_share,
  CAST(s.wait_us AS BIGINT) AS wait_us, CAST(s.handed_us AS BIGINT) AS handed_us,
  CAST(s.routing_us AS BIGINT) AS routing_us, CAST(s.queue_us AS BIGINT) AS queue_us,
  CAST(s.gave_up_us AS BIGINT) AS gave_up_us, s.median_us, s.p95_us, s.queued_median_us, s.queued_p95_us,
  s.wait_us / nullif(CAST(w.wait_us AS DOUBLE), 0) AS share,
  s.waits / nullif({{as_hours a.span_us}}, 0) AS arrivals_per_h,
  s.waits / nullif({{as_hours a.span_us}}, 0) * ({{as_hours s.wait_us}} / s.waits) AS waiting_little,
  coalesce(c.waiting_us, 0) / nullif(a.span_us, 0) AS waiting_counted, coalesce(c.most_waiting, 0) AS most_waiting,
  CASE WHEN s.wait_us > 0 THEN p.weekday END AS peak_weekday, CASE WHEN s.wait_us > 0 THEN p.hour END AS peak_hour,
  CASE WHEN s.wait_us > 0 THEN p.wait_us END AS peak_wait_us, nullif(b.handled_us, 0) AS handled_us,
  s.visits / nullif({{as_hours b.handled_us}}, 0) AS served_per_handled_h,
  nullif(b.handled_us, 0) / nullif(CAST(a.span_us AS DOUBLE), 0) AS people_busy, nullif(b.people, 0) AS people
FROM summed s
CROSS JOIN whole a
CROSS JOIN total w
LEFT JOIN counted c ON c.team = s.team
LEFT JOIN peaks p ON p.team = s.team AND p.place = 1
LEFT JOIN busy_teams b ON b.team = s.team
