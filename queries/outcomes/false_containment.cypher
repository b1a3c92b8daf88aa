// title: False containment
// question: Which intents does the bot end alone, and how many of these customers come back within a week?
// params: intent = null (str, only this intent; any if null), limit = 50 (int, largest number of rows)
// returns: intent (null where unknown), channel (null where unknown), sessions (conversations that a bot had first,
//   count), contained (no person took part, count), known (contained, and the week after is in the log, count), back
//   (of those, the customer came back with the same intent on any channel, count), back_share (0 to 1; null where known
//   is 0)
// reading: A row is an intent on a channel. A high back_share is false containment: the bot closed it, the customer did
//   not. Software customers are excluded.
MATCH (i:Interaction)
WHERE i.first_actor = 'bot' AND i.customer_type <> 'machine' AND i.conversation = i.id
  AND ($intent IS NULL OR i.intent = $intent)
WITH i.intent AS intent, i.channel AS channel, count(*) AS sessions,
     sum(CASE WHEN i.has_human THEN 0 ELSE 1 END) AS contained,
     sum(CASE WHEN i.has_human OR i.recontact_7d IS NULL THEN 0 ELSE 1 END) AS known,
     sum(CASE WHEN i.has_human = false AND i.recontact_7d THEN 1 ELSE 0 END) AS back
RETURN intent, channel, sessions, contained, known, back, CASE WHEN known = 0 THEN null ELSE 1.0 * back / known END AS back_share
ORDER BY back DESC, sessions DESC, intent, channel
LIMIT $limit
