-- table: events
-- definition: The events in their order, with the owner carried forward and the visit they fall into (Event; Owner).
-- reads: raw, event_owners
-- grain: journey_id, seq
-- saved: yes
-- order: journey_id, seq
-- columns:
--   event_id string = interaction_id || '#' || seq: `interaction_id#seq`
--   journey_id string: the case; for joined journeys the id of the first interaction
--   interaction_id string: the case, or system and id: `zendesk:4711`
--   seq int64: place in the journey, from 0
--   started_us timestamp: start
--   ended_us timestamp: end; equal to the start if the event is a point
--   activity string: what was done, in the words of the source or reader
--   event_type string: the same as one of a fixed set of types; null if none applies
--   channel string: voice, chat, messaging, email, sms, social, web_form, callback, task, video, unknown; or as in the
--     log
--   source_system string: the system that recorded it
--   actor_type string: customer, agent, bot, ivr, system, rule, supervisor, third_party, unknown
--   actor string: who acted: the pseudonym of a customer or agent, or the name of a bot, rule or system
--   agent string: pseudonym of the person, if one acted
--   team string: the team the actor acted for
--   silo string: the department of the team
--   owner string: the owner, carried forward; null before the first
--   customer string: pseudonym of the customer ([privacy.md](privacy.md))
--   intent string: what the customer wants
--   outcome string: the outcome recorded with this event
--   value double: the value recorded with this event
--   handoff_kind string: handoff type recorded by the source, otherwise null
--   source string: file it was read from
--   line int64: line or row in that file, or number of the event (XES)
--   attributes string: JSON of other kept attributes ([privacy.md](privacy.md)), no free text
--   owned bool: the event has its own owner
--   position int64: position of the visit of the carried-forward owner; null before the first
--   hold_us seconds: hold time within it that the source declares, seconds
-- unsaved:
--   opens_visit bool: the event is the first of its visit
--   closes_visit bool: the event is the last of its visit
--   is_resolved bool: the source calls the matter resolved
SELECT
  e.journey_id, o.seq, e.interaction_id, e.started_us, e.ended_us, e.hold_us, e.activity, e.event_type, e.channel,
  e.source_system, e.actor_type, e.actor, e.agent, e.team, e.silo, o.owner, o.owned, o.opens_visit, o.closes_visit,
  o.position, e.customer, e.intent, e.outcome, e.value, e.handoff_kind, e.source, e.line, e.attributes,
  e.is_resolved
FROM raw e
JOIN event_owners o ON o.event_no = e.event_no
