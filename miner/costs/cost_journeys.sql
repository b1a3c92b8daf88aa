-- table: cost_journeys
-- definition: The journeys, numbered: what is one row an event or more carries the number instead of the id.
-- reads: journeys
-- grain: journey_id
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   name string: id of the journey
--   intent string: its intent
--   handoffs int64: number of handoffs
--   outcome string: its outcome
--   value double: its value
SELECT row_number() OVER (ORDER BY journey_id) AS journey_id, journey_id AS name, intent, handoffs, outcome, value
FROM journeys
