-- table: cost_visits
-- definition: What the costs need of visits.
-- reads: visits, cost_journeys
-- grain: journey_id, position
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   position int64: place in the journey, from 0
--   owner string: the owner
--   silo string: its silo
SELECT j.journey_id, v.position, v.owner, v.silo
FROM visits v
JOIN cost_journeys j ON j.name = v.journey_id
