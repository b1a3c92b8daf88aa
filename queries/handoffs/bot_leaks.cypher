// title: What bots pass on
// question: Which intents go from the bot to a person, how often, and what does that cost?
// params: min_sessions = 1 (int, smallest number of sessions to report), limit = 50 (int, largest number of rows)
// returns: intent (null where unknown), sessions (conversations that a bot had first, count), passed_on (a person took
//   part, count), passed_share (0 to 1), handoffs (from bot to person in journeys of this intent, count), wait_s_total
//   (own waits, seconds), cost_s (their Fragmentation Cost, seconds; null where not computed)
// reading: A row is an intent. A high passed_share with a high cost: route it to a person directly, or improve the bot.
MATCH (i:Interaction)
WHERE i.first_actor = 'bot' AND i.conversation = i.id
WITH i.intent AS intent, count(*) AS sessions, sum(CASE WHEN i.has_human THEN 1 ELSE 0 END) AS passed_on
WHERE sessions >= $min_sessions
WITH collect({intent: intent, sessions: sessions, passed_on: passed_on}) AS begun
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)-[:IN_JOURNEY]->(j:Journey)
WHERE h.kind = 'bot_to_human'
WITH begun, j.intent AS intent, count(*) AS handoffs, sum(h.own_wait_s) AS wait_s_total, sum(h.cost_s) AS cost,
     count(h.cost_s) AS costed
WITH [x IN begun WHERE coalesce(x.intent, '') = coalesce(intent, '')][0] AS own, intent, handoffs, wait_s_total, cost, costed
WHERE own IS NOT NULL
RETURN intent, own.sessions AS sessions, own.passed_on AS passed_on, 1.0 * own.passed_on / own.sessions AS passed_share,
       handoffs, wait_s_total, CASE WHEN costed = 0 THEN null ELSE cost END AS cost_s
ORDER BY handoffs DESC, sessions DESC, intent
LIMIT $limit
