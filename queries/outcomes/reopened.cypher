// title: Reopened work
// question: Whose closed work is reopened, how soon, and by whom?
// params: closing = null (list, activities that close, in lower case; if null those that the source calls resolved or
//   closed, those that set a good outcome, and those that settle an issue in the run), limit = 50 (int, largest number
//   of rows)
// returns: team (whose visit the closing is in; null where a rule or the customer closed), reopener (actor type of the
//   first work after it in the same interaction, where systems, rules and surveys do no work; null where unknown),
//   interactions (count), times (count), until_s_total (seconds from the closing until that work, summed),
//   until_s_median (seconds)
// reading: A row is a team and who reopened its work. By the customer within a day: it was not solved. By an agent:
//   it was closed to stop a clock. Consecutive closings count as one. No rows may mean that a plain log does not say
//   what closes: run it with --ends, or pass the activities as closing.
// index: Event.activity, Event.event_type, Event.outcome
MATCH (run:Run)
WITH CASE WHEN $closing IS NULL THEN ['resolved', 'closed'] ELSE [] END AS types,
     CASE WHEN $closing IS NULL THEN run.good_outcomes ELSE [] END AS good, coalesce($closing, run.settling, []) AS names
OPTIONAL MATCH (a:Activity)
WHERE toLower(a.id) IN names
WITH types, good, collect(a.id) AS activities
// A closing that is the last event of its journey reopens nothing.
MATCH (e:Event)-[:DF]->(n:Event)
WHERE e.event_type IN types OR e.activity IN activities OR e.outcome IN good
MATCH (e)-[:OF]->(i)
WITH e, i, n, types, good, activities, EXISTS { (n)-[:OF]->(i) } AS is_own,
     CASE WHEN n.event_type IN types OR n.activity IN activities OR n.outcome IN good THEN true ELSE false END AS closes
WHERE NOT (is_own AND closes)
MATCH (i)<-[:OF]-(m:Event)
WHERE m.seq > e.seq AND NOT coalesce(m.event_type, '') IN ['survey_offered', 'survey_answered']
  AND NOT coalesce(m.actor_type, '') IN ['system', 'rule']
WITH e, i.id AS interaction, m.seq AS seq, m.actor_type AS reopener, m.started_ms AS opened_ms,
     CASE WHEN m.event_type IN types OR m.activity IN activities OR m.outcome IN good THEN true ELSE false END AS closes
ORDER BY seq
WITH e, interaction, collect({reopener: reopener, opened_ms: opened_ms, closes: closes})[0] AS after
WHERE NOT after.closes
OPTIONAL MATCH (e)-[:IN_VISIT]->(v:Visit)
WITH v.team AS team, after.reopener AS reopener, interaction,
     CASE WHEN after.opened_ms > e.ended_ms THEN (after.opened_ms - e.ended_ms) / 1000.0 ELSE 0.0 END AS until
ORDER BY until
WITH team, reopener, count(DISTINCT interaction) AS interactions, count(*) AS times, sum(until) AS until_s_total,
     collect(until) AS delays
RETURN team, reopener, interactions, times, until_s_total, delays[(50 * size(delays) + 99) / 100 - 1] AS until_s_median
ORDER BY times DESC, until_s_total DESC, team, reopener
LIMIT $limit
