-- table: cost_groups
-- definition: What each transition belongs to (Fragmentation Cost: roll-ups): its journey and the number of that
--   journey's path and its intent, the team and silo pair of its handoff, the channel of its event, the week it starts
--   in, and the customer type and region of its interaction.
-- reads: cost_journeys, cost_events, cost_transitions, cost_visits, cost_interactions, journey_paths
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event
--   journey string: id of the journey
--   path_no int64: number of its path
--   intent string: its intent
--   channel string: channel of the event
--   customer_type string: human, machine or unknown
--   region string: region of the interaction
--   handoff_position int64: position of the visit whose handoff it belongs to
--   week_us timestamp: the Monday of the week it starts in
--   from_team string: the handing owner
--   to_team string: the receiving owner
--   from_silo string: the handing silo
--   to_silo string: the receiving silo
--
-- A transition before the first handoff belongs to the pair of nobody and the first owner.
SELECT
  t.journey_id, t.seq, j.name AS journey, p.path_no, j.intent, e.channel, i.customer_type, i.region, t.handoff_position,
  {{monday e.started_us}} AS week_us,
  b.owner AS from_team, coalesce(a.owner, f.owner) AS to_team, b.silo AS from_silo, coalesce(a.silo, f.silo) AS to_silo
FROM cost_transitions t
JOIN cost_journeys j ON j.journey_id = t.journey_id
JOIN cost_events e ON e.journey_id = t.journey_id AND e.seq = t.seq
LEFT JOIN cost_interactions i ON i.interaction_id = e.interaction_id
LEFT JOIN journey_paths p ON p.journey_id = t.journey_id
LEFT JOIN cost_visits a ON a.journey_id = t.journey_id AND a.position = t.handoff_position
LEFT JOIN cost_visits b ON b.journey_id = t.journey_id AND b.position = t.handoff_position - 1
LEFT JOIN cost_visits f ON f.journey_id = t.journey_id AND f.position = 0 AND t.handoff_position IS NULL
