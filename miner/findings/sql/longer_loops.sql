-- query: loops/longer_loops
-- Returns through two other teams or more, by the teams on the way.
WITH rounds AS (
  SELECT r.journey_id, r.to_position, r."order" AS loop_order, list(v.owner ORDER BY v.position) AS path,
         total(CASE WHEN v.position > r.from_position THEN coalesce(h.own_wait_s, 0.0) ELSE 0.0 END) AS own_wait_s
  FROM returns r
  JOIN visits v ON v.journey_id = r.journey_id AND v.position BETWEEN r.from_position AND r.to_position
  LEFT JOIN handoffs h ON h.journey_id = v.journey_id AND h.position = v.position
  WHERE r."order" >= 3
  GROUP BY r.journey_id, r.to_position, r."order"
)
SELECT path, loop_order, count(DISTINCT journey_id) AS journeys, count(*) AS returns,
       total(own_wait_s) AS own_wait_s_total
FROM rounds
GROUP BY path, loop_order
HAVING count(DISTINCT journey_id) >= $least
ORDER BY own_wait_s_total DESC, returns DESC, path
LIMIT $most
