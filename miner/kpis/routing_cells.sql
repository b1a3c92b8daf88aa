-- table: routing_cells
-- definition: Journeys whose outcome counts, by intent, found path across silos and the team that had them first (Intent ×
--   capability × outcome; Chance). A journey took one found path at most.
-- reads: journeys, visits, journey_outcomes, value_lost_journeys
-- grain: intent, path, team
-- saved: no
-- columns:
--   intent string: the intent; empty if unknown
--   path int64: rank of the found path; 0 for none
--   team string: the first owner
--   known int64: journeys
--   good int64: of them, those that ended well
SELECT
  coalesce(j.intent, '') AS intent, coalesce(l.rank, 0) AS path, v.owner AS team, count(*) AS known,
  count(CASE WHEN o.is_good THEN 1 END) AS good
FROM journeys j
JOIN visits v ON v.journey_id = j.journey_id AND v.position = 0
JOIN journey_outcomes o ON o.journey_id = j.journey_id
LEFT JOIN value_lost_journeys l ON l.journey_id = j.journey_id
GROUP BY coalesce(j.intent, ''), coalesce(l.rank, 0), v.owner
