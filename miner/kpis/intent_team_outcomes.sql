-- table: intent_team_outcomes
-- definition: Journeys, how they ended and their value, by intent and the team that had them first (Intent × capability ×
--   outcome).
-- reads: journeys, visits, journey_outcomes
-- grain: intent, team
-- saved: no
-- columns:
--   intent string: the intent; empty if unknown
--   team string: the first owner
--   journeys int64: journeys
--   known int64: of them, with an outcome that counts
--   good int64: of these, with a good one
--   value double: value of the journeys, summed
--   value_lost double: of this, value of those that did not end well
SELECT
  coalesce(j.intent, '') AS intent, v.owner AS team, count(*) AS journeys, count(o.outcome) AS known,
  count(CASE WHEN o.is_good THEN 1 END) AS good, {{total j.value}} AS value,
  {{total CASE WHEN NOT o.is_good THEN j.value END}} AS value_lost
FROM journeys j
JOIN visits v ON v.journey_id = j.journey_id AND v.position = 0
LEFT JOIN journey_outcomes o ON o.journey_id = j.journey_id
GROUP BY coalesce(j.intent, ''), v.owner
