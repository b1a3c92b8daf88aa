-- table: cost_events
-- definition: What the costs need of events.
-- reads: events, cost_journeys
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: place in the journey, from 0
--   interaction_id string: the interaction
--   started_us timestamp: start
--   ended_us timestamp: end
--   activity string: what was done
--   channel string: channel
--   source_system string: the system that recorded it
--   actor_type string: who acts
--   actor string: who acted
--   agent string: the person, if one acted
--   team string: the team acted for
--   owner string: the owner, carried forward
--   owned bool: the event has its own owner
--   position int64: position of the visit
--   intent string: what the customer wants
--   customer string: the customer
SELECT
  j.journey_id, e.seq, e.interaction_id, e.started_us, e.ended_us, e.activity, e.channel, e.source_system, e.actor_type,
  e.actor, e.agent, e.team, e.owner, e.owned, e.position, e.intent, e.customer
FROM events e
JOIN cost_journeys j ON j.name = e.journey_id
