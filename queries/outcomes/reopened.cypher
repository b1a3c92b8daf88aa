// title: Reopened work
// question: Whose closed work is reopened, how soon, and by whom?
// params: closing = ["Resolved", "Solved", "Closed", "Completed", "resolved", "solved", "closed", "completed"] (list,
//   activities that close), harmless = ["Survey offered", "Survey answered"] (list, activities that are not work),
//   limit = 50 (int, largest number of rows)
// returns: team (whose visit the closing is in; null where a rule or the customer closed), reopener (actor type of the
//   first work after it in the same interaction, where systems and rules do no work; null where unknown),
//   interactions (count), times (count), until_s_total (seconds from the closing until that work, summed),
//   until_s_median (seconds)
// reading: A row is a team and who reopened its work. By the customer within a day: it was not solved. By an agent:
//   it was closed to stop a clock. Consecutive closings count as one. No rows may mean that the log names its
//   closing activities differently: pass them as closing.
// index: Event.activity
// Interactions stand without their label, so that the plan begins with the closings and not with all interactions.
CALL () {
  // Nearly always the very next event of the journey is the one.
  MATCH (e:Event)-[:DF]->(m:Event)
  WHERE e.activity IN $closing AND NOT m.activity IN $closing AND NOT m.activity IN $harmless
    AND (m.actor_type IS NULL OR NOT m.actor_type IN ['system', 'rule'])
  MATCH (e)-[:OF]->(i)
  MATCH (m)-[:OF]->(k)
  WHERE i.id = k.id
  OPTIONAL MATCH (e)-[:IN_VISIT]->(v:Visit)
  RETURN v.team AS team, i.id AS interaction, e.ended_ms AS closed_ms, m.actor_type AS reopener, m.started_ms AS opened_ms
  UNION ALL
  // Else it comes after those of other interactions, of systems and of rules.
  MATCH (e:Event)-[:DF]->(n:Event)
  WHERE e.activity IN $closing
  MATCH (e)-[:OF]->(i)
  WHERE NOT EXISTS { (n)-[:OF]->(i) }
     OR (NOT n.activity IN $closing AND (n.activity IN $harmless OR n.actor_type IN ['system', 'rule']))
  // Few are left: the name keeps the plan from looking through whole interactions before it knows which.
  WITH e, i, e.seq AS closed
  MATCH (i)<-[:OF]-(m:Event)
  WHERE m.seq > closed AND NOT m.activity IN $harmless AND (m.actor_type IS NULL OR NOT m.actor_type IN ['system', 'rule'])
  OPTIONAL MATCH (e)-[:IN_VISIT]->(v:Visit)
  WITH v.team AS team, i.id AS interaction, closed, e.ended_ms AS closed_ms, m.seq AS seq, m.activity AS activity,
       m.actor_type AS actor, m.started_ms AS started_ms
  ORDER BY seq
  WITH team, interaction, closed, closed_ms, collect({activity: activity, actor: actor, started_ms: started_ms})[0] AS after
  WHERE NOT after.activity IN $closing
  RETURN team, interaction, closed_ms, after.actor AS reopener, after.started_ms AS opened_ms
}
WITH team, reopener, interaction, CASE WHEN opened_ms > closed_ms THEN (opened_ms - closed_ms) / 1000.0 ELSE 0.0 END AS until
ORDER BY until
WITH team, reopener, count(DISTINCT interaction) AS interactions, count(*) AS times, sum(until) AS until_s_total,
     collect(until) AS delays
RETURN team, reopener, interactions, times, until_s_total, delays[(50 * size(delays) + 99) / 100 - 1] AS until_s_median
ORDER BY times DESC, until_s_total DESC, team, reopener
LIMIT $limit
