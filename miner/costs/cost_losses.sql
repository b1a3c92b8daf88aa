-- table: cost_losses
-- definition: What journeys on paths found beyond chance lost, at the step that reaches the last silo of the path.
-- reads: value_lost_journeys, cost_journeys
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event
--   lost_um money: the value lost
SELECT j.journey_id, l.seq, CAST(round(l.value_lost * 1e6) AS BIGINT) AS lost_um
FROM value_lost_journeys l
JOIN cost_journeys j ON j.name = l.journey_id
WHERE l.value_lost IS NOT NULL
