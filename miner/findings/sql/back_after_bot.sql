-- query: outcomes/back_after_bot
-- The earliest first.
SELECT i.journey_id AS journey
FROM interactions i JOIN conversations c USING (conversation_id)
WHERE c.first_actor = 'bot' AND NOT c.has_human AND c.recontact_7d AND i.customer_type <> 'machine'
  AND i.conversation_id = i.interaction_id AND i.intent = $intent
ORDER BY epoch_ms(i.ended_at), i.interaction_id
