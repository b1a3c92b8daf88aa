-- table: transition_costs
-- definition: What each transition costs (Fragmentation Cost): the columns that costs add to transitions.
-- reads: priced_components, handling_prices, cost_journeys, cost_events
-- grain: journey_id, seq
-- saved: into transitions
-- order: journey_no, seq
-- columns:
--   handled_us seconds: handling time of the row's event in person time, seconds; null if it has none
--   system_changes int32: 1 if the source system differs from that of the previous owned event; null if no system is
--     known
--   context_shifts int32: changes of channel, of intent, and of agent within a team since the previous owned event;
--     null if none of them is known
--   delay_cost_us seconds: Fragmentation Cost: seconds of delay; null if not computed, like all of the following
--   handoff_cost_us seconds: person seconds of the handoff
--   rework_cost_us seconds: person seconds of rework
--   information_gap_cost_us seconds: person seconds of asking again
--   system_boundary_cost_us seconds: person seconds of system changes, according to the rates
--   context_shift_cost_us seconds: person seconds of context shifts, according to the rates
--   repeat_contact_cost_us seconds: person seconds of repeat contacts
--   delay_um money: the same in money, in the currency of the rates, to six decimals; null without a rate
--   handoff_um money: money
--   rework_um money: money
--   information_gap_um money: money
--   system_boundary_um money: money
--   context_shift_um money: money
--   repeat_contact_um money: money: time × rate, or the price of the contact at its first event
--   consequence_um money: value lost on a path found beyond chance, at the step that reaches its last silo; with rates
--     only
--   handled_price double = handled_um / 1e6: money for all handling, fragmented or not: time × rate of the event, or
--     the price of the contact at its first event; not a component and in no total; null if there is nothing to price,
--     or no price
-- unsaved:
--   journey_id string: the journey
--   journey_no int64: its number
--   seq int64: of the later event
--   handled_um money: what all handling costs
WITH recorded AS (
  SELECT count(source_system) > 0 AS systems, count(channel) + count(intent) + count(agent) > 0 AS contexts
  FROM cost_events
)
SELECT
  j.name AS journey_id, p.journey_id AS journey_no, p.seq, p.handled_us,
  CASE WHEN r.systems THEN p.system_changes END AS system_changes,
  CASE WHEN r.contexts THEN p.context_shifts END AS context_shifts,
  p.delay_us AS delay_cost_us, p.handoff_us AS handoff_cost_us,
  p.rework_us AS rework_cost_us, p.information_gap_us AS information_gap_cost_us,
  p.system_boundary_us AS system_boundary_cost_us, p.context_shift_us AS context_shift_cost_us,
  p.repeat_contact_us AS repeat_contact_cost_us,
  p.delay_um, p.handoff_um, p.rework_um, p.information_gap_um, p.system_boundary_um, p.context_shift_um,
  p.repeat_contact_um, p.consequence_um, h.handled_um
FROM priced_components p
CROSS JOIN recorded r
JOIN handling_prices h ON h.journey_id = p.journey_id AND h.seq = p.seq
JOIN cost_journeys j ON j.journey_id = p.journey_id
