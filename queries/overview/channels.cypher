// title: Channels
// question: Through which channels and systems do customers reach us, and how often must they come back?
// params: limit = 100 (int, largest number of rows)
// returns: channel (null where unknown), system (null where unknown), contacts (conversations, count), journeys
//   (count), repeats (contacts that follow an earlier one of the same customer and intent)
// reading: A row is a channel of a system. Many repeats mean that this channel does not resolve the issue, or that it
//   is where people turn when another has failed.
MATCH (i:Interaction)-[:PART_OF]->(j:Journey)
WHERE i.kind = 'contact' AND i.conversation = i.id
RETURN i.channel AS channel, i.system AS system, count(*) AS contacts, count(DISTINCT j.id) AS journeys,
       sum(CASE WHEN i.is_repeat THEN 1 ELSE 0 END) AS repeats
ORDER BY contacts DESC, channel, system
LIMIT $limit
