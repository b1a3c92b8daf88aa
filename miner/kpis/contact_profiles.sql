-- table: contact_profiles
-- definition: What is known of a contact as a whole; a conversation is as its first interaction that tells.
-- reads: interactions, contact_interactions
-- grain: is_leg, contact_id
-- saved: no
-- columns:
--   contact_id string: the conversation, or the leg
--   is_leg bool: it is a leg of a conversation
--   interactions int64: number of its interactions
--   journey_id string: the journey of the first
--   source_system string: the first that is known
--   channel string: the first that is known
--   customer string: the first that is known
--   intent string: the first that is known
--   customer_type string: machine or human if any of them is, machine first
--   started_us timestamp: first start
--   ended_us timestamp: latest end
--   contact_until_us timestamp: latest end of contact time
SELECT
  c.contact_id, c.is_leg, count(*) AS interactions,
  min_by(i.journey_id, (i.started_us, i.interaction_id)) FILTER (WHERE i.journey_id IS NOT NULL) AS journey_id,
  min_by(i.source_system, (i.started_us, i.interaction_id)) FILTER (WHERE i.source_system IS NOT NULL) AS source_system,
  min_by(i.channel, (i.started_us, i.interaction_id)) FILTER (WHERE i.channel IS NOT NULL) AS channel,
  min_by(i.customer, (i.started_us, i.interaction_id)) FILTER (WHERE i.customer IS NOT NULL) AS customer,
  min_by(i.intent, (i.started_us, i.interaction_id)) FILTER (WHERE i.intent IS NOT NULL) AS intent,
  CASE WHEN bool_or(i.customer_type = 'machine') THEN 'machine' WHEN bool_or(i.customer_type = 'human') THEN 'human'
       ELSE 'unknown' END AS customer_type,
  min(i.started_us) AS started_us, max(i.ended_us) AS ended_us, max(i.contact_until_us) AS contact_until_us
FROM contact_interactions c
JOIN interactions i ON i.interaction_id = c.interaction_id
GROUP BY c.contact_id, c.is_leg
