// title: Customers who came back after the bot
// question: Show me contacts that a bot ended alone and whose customer came back within a week.
// params: intent = null (str, only this intent; any if null), limit = 25 (int, largest number of rows)
// returns: interaction, journey, intent (null where unknown), channel (null where unknown), ended_ms (ms since 1970 in
//   UTC)
// reading: A row is a contact. paths/journey with its journey shows what came after.
MATCH (i:Interaction)-[:PART_OF]->(j:Journey)
WHERE i.first_actor = 'bot' AND i.has_human = false AND i.recontact_7d = true AND i.customer_type <> 'machine'
  AND i.conversation = i.id AND ($intent IS NULL OR i.intent = $intent)
RETURN i.id AS interaction, j.id AS journey, i.intent AS intent, i.channel AS channel, i.ended_ms AS ended_ms
ORDER BY ended_ms, interaction
LIMIT $limit
