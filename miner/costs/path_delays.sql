-- table: path_delays
-- definition: The delay on the handoffs between two silos of a path: every transition that waits for one, once for each
--   path and journey.
-- reads: path_journeys, silo_visits, transitions
-- grain: path
-- saved: no
-- columns:
--   path string[]: the silos in order
--   delay_h double [h]: hours of delay; null where not computed
WITH occurring AS (
  SELECT DISTINCT t.path, t.journey_id, s.first_position AS handoff_position
  FROM path_journeys t
  JOIN silo_visits s ON s.journey_id = t.journey_id AND s.position > t.position
    AND s.position < t.position + t.silos
)
SELECT o.path, {{total t.delay_cost_s}} / 3600 AS delay_h
FROM occurring o
JOIN transitions t ON t.journey_id = o.journey_id AND t.handoff_position = o.handoff_position
GROUP BY o.path
