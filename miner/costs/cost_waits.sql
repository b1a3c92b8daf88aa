-- table: cost_waits
-- definition: Our waiting for each handoff, at the event that opens the receiving visit.
-- reads: handoffs, visits, cost_journeys
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event that opens the visit
--   own_wait_us seconds: how long it waited for us
SELECT j.journey_id, v.opened_seq AS seq, h.own_wait_us
FROM handoffs h
JOIN visits v ON v.journey_id = h.journey_id AND v.position = h.position
JOIN cost_journeys j ON j.name = h.journey_id
