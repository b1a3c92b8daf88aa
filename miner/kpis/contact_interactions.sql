-- table: contact_interactions
-- definition: What is looked at as one contact: every conversation, and each leg of those that have several (Interaction;
--   Conversation).
-- reads: interactions
-- grain: is_leg, interaction_id
-- saved: no
-- columns:
--   contact_id string: the conversation, or the leg
--   is_leg bool: it is a leg of a conversation
--   has_legs bool: it is a conversation of several interactions
--   interaction_id string: an interaction of it
WITH sizes AS (
  SELECT conversation_id, count(*) > 1 AS has_legs FROM interactions WHERE kind = 'contact' GROUP BY conversation_id
)
SELECT i.conversation_id AS contact_id, false AS is_leg, s.has_legs, i.interaction_id
FROM interactions i
JOIN sizes s ON s.conversation_id = i.conversation_id
WHERE i.kind = 'contact'
UNION ALL
SELECT i.interaction_id AS contact_id, true AS is_leg, false AS has_legs, i.interaction_id
FROM interactions i
JOIN sizes s ON s.conversation_id = i.conversation_id
WHERE i.kind = 'contact' AND s.has_legs
