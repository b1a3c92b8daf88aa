-- table: cost_transitions
-- definition: What the costs need of transitions.
-- reads: transitions, cost_journeys
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: of the later event
--   gap_us seconds: the gap before it
--   off_hours_us seconds: of the waiting, outside working hours
--   gap_for string: what the gap waits for
--   handoff_position int64: position of the visit whose handoff the row belongs to
--   rework_reason string: why the event is rework
SELECT j.journey_id, t.seq, t.gap_us, t.off_hours_us, t.gap_for, t.handoff_position, t.rework_reason
FROM transitions t
JOIN cost_journeys j ON j.name = t.journey_id
