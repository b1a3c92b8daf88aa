-- table: events
-- definition: The events in their order, with the owner carried forward and the visit they fall into (Event; Owner).
-- reads: raw, owners
SELECT
  e.journey_id, o.seq, e.interaction_id, e.started_us, e.ended_us, e.hold_us, e.activity, e.event_type, e.channel,
  e.source_system, e.actor_type, e.actor, e.agent, e.team, e.silo, o.owner, o.owned, o.opens_visit, o.closes_visit,
  o.position, e.customer, e.intent, e.outcome, e.value, e.handoff_kind, e.source, e.line, e.attributes,
  e.is_resolved
FROM raw e
JOIN owners o ON o.event_no = e.event_no
