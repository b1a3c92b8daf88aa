-- table: conversations
-- definition: One row a conversation that somebody owned or that waited in a queue: the contacts that the measures count
--   (Contact-centre measures; Conversation).
-- reads: contact_acts, contact_profiles, recontacts, resolved_conversations
-- grain: conversation_id
-- saved: yes
-- order: conversation_id
-- columns:
--   conversation_id string: the conversation, named after its first interaction
--   journey_id string: the journey of its first interaction
--   source_system string: source system
--   channel string: first known channel
--   team string: the owner that had it first
--   customer_type string: human, machine or unknown
--   intent string: its intent
--   region string: the first `region` of its events (`--map region=COLUMN`, or an attribute)
--   language string: the same for `language`
--   is_repeat bool: begins within 7 days after an earlier contact of the same customer with the same intent
--   started_us timestamp: first start
--   ended_us timestamp: latest end
--   first_actor string: human or bot: the first owner
--   has_bot bool: a bot owned it
--   has_human bool: a person owned it
--   queued bool: it entered a queue, and no callback was requested
--   abandoned bool: the customer gave up in the queue
--   handled bool: somebody owned it
--   answer_wait_s double: seconds from entering the queue to the first act of a person
--   human_handle_s double: seconds of people's spans; null where the system records no spans
--   bot_handle_s double: the same for bots
--   transfers int64: number of handoffs between owners, or to someone outside the export
--   escalated bool: it was escalated, or handed to a team of a higher tier; null if the system records no escalations
--     and tiers (`--tiers`) are not given for all who had it
--   finished bool: it was resolved or closed
--   reopens int64: number of reopenings
--   replies int64: messages of owners; null where the system records no messages
--   waited bool: its status was pending, on hold or waiting at some time
--   resolved bool: it ended with a good outcome; if its system does not show both kinds of outcome
--     ([`outcomes_shown`](#outcomes_shown)), the outcome of its journey in a system that does; null if neither is
--     known
--   score double: the customer's last score, on the scale of the system
--   score_scale string: that scale, if the system records it, such as `1-5`
--   rating string: the customer's last rating in words, such as `good`
--   sentiment double: the last tone recorded as a number, on the scale of the system
--   tone string: the last tone recorded in words, such as `positive`
--   value double: its last known value
--   cost double: cost of its handling, money (`handled_price`); null without rates, and if a person's span has no
--     rate; spans of bots and menus count if they have one
--   cost_complete bool: every span has a rate; null if the cost is unknown
--   recontact_1d bool: the customer came back with the same intent within a day after the contact; null if customer
--     or intent is unknown, or the log ends before
--   recontact_7d bool: the same, 7 days
--   recontact_14d bool: the same, 14 days
--   recontact_30d bool: the same, 30 days
--   repeats_caused int64: later contacts with the same intent, each within 7 days, charged to this one as the last to
--     end before them
--   interactions int64: number of its interactions
SELECT
  a.contact_id AS conversation_id, a.journey_id, a.source_system, a.channel, a.team, a.customer_type, a.intent, a.region, a.language, r.is_repeat,
  a.started_us, a.ended_us, a.first_actor, a.has_bot, a.has_human, a.queued, a.abandoned, a.handled, a.answer_wait_s,
  a.human_handle_s, a.bot_handle_s, a.transfers, a.escalated, a.finished, a.reopens, a.replies, a.waited, d.resolved,
  a.score, a.score_scale, a.rating, a.sentiment, a.tone, a.value, a.cost, a.cost_complete, r.recontact_1d,
  r.recontact_7d, r.recontact_14d, r.recontact_30d, r.repeats_caused, k.interactions
FROM contact_acts a
JOIN contact_profiles k ON k.contact_id = a.contact_id AND NOT k.is_leg
LEFT JOIN recontacts r ON r.contact_id = a.contact_id
LEFT JOIN resolved_conversations d ON d.contact_id = a.contact_id
WHERE NOT a.is_leg
