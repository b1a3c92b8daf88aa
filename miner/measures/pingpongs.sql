-- table: pingpongs
-- definition: A maximal alternating run of visits over two owners; bounces = its length - 2 (Ping-pong).
-- reads: visits
-- grain: journey_id, first_position
-- saved: yes
-- order: journey_id, first_position
-- columns:
--   journey_id string: the journey
--   owner_a string: who has the first visit of the run
--   owner_b string: the other
--   first_position int64: its first visit
--   last_position int64: its last visit
--   bounces int64: its length minus 2
WITH compared AS (
  SELECT journey_id, position, owner, lag(owner, 1) OVER w AS previous, lag(owner, 2) OVER w AS before_that
  FROM visits
  WINDOW w AS (PARTITION BY journey_id ORDER BY position)
),
bounced AS (
  SELECT journey_id, position, owner, previous,
         position - row_number() OVER (PARTITION BY journey_id ORDER BY position) AS run
  FROM compared
  WHERE owner = before_that
)
SELECT
  journey_id,
  min_by(owner, position) AS owner_a, min_by(previous, position) AS owner_b,
  min(position) - 2 AS first_position, max(position) AS last_position, count(*) AS bounces
FROM bounced
GROUP BY journey_id, run
