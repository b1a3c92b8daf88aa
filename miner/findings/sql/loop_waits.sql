-- query: loops/loop_waits
-- Bounces A-B-A: the way back of each, and the way out where it is not the way back of the bounce before.
WITH bounces AS (
  SELECT r.journey_id, r.to_position, least(f.owner, m.owner) AS team_a, greatest(f.owner, m.owner) AS team_b,
         b.journey_id IS NOT NULL AS follows_another
  FROM returns r
  JOIN visits f ON f.journey_id = r.journey_id AND f.position = r.from_position
  JOIN visits m ON m.journey_id = r.journey_id AND m.position = r.to_position - 1
  LEFT JOIN returns b ON b.journey_id = r.journey_id AND b.to_position = r.to_position - 1 AND b.hops = 2
  WHERE r.hops = 2
),
legs AS (
  SELECT team_a, team_b, journey_id, to_position AS position, 1 AS bounce FROM bounces
  UNION ALL
  SELECT team_a, team_b, journey_id, to_position - 1, 0 FROM bounces WHERE NOT follows_another
)
SELECT team_a, team_b, count(DISTINCT journey_id) AS journeys, sum(bounce) AS bounces,
       total(h.own_wait_s) AS own_wait_s_total
FROM legs JOIN handoffs h USING (journey_id, position)
GROUP BY team_a, team_b
HAVING count(DISTINCT journey_id) >= $least
ORDER BY own_wait_s_total DESC, bounces DESC, team_a, team_b
LIMIT $most
