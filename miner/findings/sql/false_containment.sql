-- query: outcomes/false_containment
-- Conversations that a bot had first, by intent and channel; `known`: no person took part, and the week after is in
-- the log.
SELECT i.intent, i.channel, count(*) AS sessions,
       count(*) FILTER (WHERE NOT coalesce(c.has_human, false) AND c.recontact_7d IS NOT NULL) AS known,
       count(*) FILTER (WHERE NOT c.has_human AND c.recontact_7d) AS back
FROM interactions i JOIN conversations c USING (conversation_id)
WHERE c.first_actor = 'bot' AND i.customer_type <> 'machine' AND i.conversation_id = i.interaction_id
GROUP BY i.intent, i.channel
ORDER BY back DESC, sessions DESC, i.intent, i.channel
