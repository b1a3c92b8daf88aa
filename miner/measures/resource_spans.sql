-- table: resource_spans
-- definition: The time of each resource in spans between neighbouring starts and ends of its work and its calendar:
--   since when the oldest work in hand was possible (null: nothing in hand), and whether the calendar is closed.
-- reads: activity_instances, open_hours
-- grain: k
-- saved: no
-- columns:
--   resource int64: number of a person under a calendar
--   k int64: number of the span, over all resources in order
--   from_us timestamp: start
--   to_us timestamp: end
--   oldest_us timestamp: since when the oldest work in hand was possible; null with nothing in hand
--   closed int32: 1 while the calendar is closed
--
-- Numbered over all resources, so that what lies in a wait is a range of numbers.
WITH resources AS (
  SELECT
    resource, max(agent) AS agent, max(calendar) AS calendar, max(ended_us) AS last_us, min(enabled_us) AS enabled_us
  FROM activity_instances
  GROUP BY resource
),
-- somebody who works for teams with several calendars is busy under each of them
worked AS (
  SELECT r.resource, i.enabled_us, i.started_us AS from_us, i.ended_us AS to_us, 0 AS closed
  FROM activity_instances i
  JOIN resources r ON r.agent = i.agent
),
shut AS (
  SELECT
    calendar, to_us AS from_us,
    coalesce((lead(from_us) OVER (PARTITION BY calendar ORDER BY from_us, to_us)), (day + 1) * {{day}}) AS to_us
  FROM open_hours
),
spanning AS (
  SELECT resource, enabled_us, from_us, to_us, closed FROM worked
  UNION ALL
  SELECT r.resource, CAST(NULL AS BIGINT) AS enabled_us, s.from_us, s.to_us, 1 AS closed
  FROM resources r
  JOIN shut s ON s.calendar = r.calendar
  WHERE s.from_us < s.to_us AND s.to_us > r.enabled_us AND s.from_us < r.last_us
),
moments AS (
  SELECT resource, from_us AS at_us FROM spanning
  UNION
  SELECT resource, to_us AS at_us FROM spanning
),
numbered AS (
  SELECT
    resource, at_us, row_number() OVER (ORDER BY resource, at_us) AS k,
    lead(at_us) OVER (PARTITION BY resource ORDER BY at_us) AS next_us
  FROM moments
),
placed AS (
  SELECT s.enabled_us, s.closed, f.k AS first_k, t.k AS end_k
  FROM spanning s
  JOIN numbered f ON f.resource = s.resource AND f.at_us = s.from_us
  JOIN numbered t ON t.resource = s.resource AND t.at_us = s.to_us
),
-- most spans lie between two neighbouring moments; only the others have to be laid out
laid AS (
  SELECT first_k AS k, enabled_us, closed FROM placed
  UNION ALL
  SELECT {{each first_k + 1, end_k}} AS k, enabled_us, closed FROM placed WHERE end_k > first_k + 1
),
held AS (
  SELECT k, min(enabled_us) AS oldest_us, max(closed) AS closed FROM laid GROUP BY k
)
SELECT n.resource, n.k, n.at_us AS from_us, n.next_us AS to_us, h.oldest_us, coalesce(h.closed, 0) AS closed
FROM numbered n
LEFT JOIN held h ON h.k = n.k
WHERE n.next_us IS NOT NULL
