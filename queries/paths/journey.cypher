// title: One journey, step by step
// question: What happened in this journey?
// params: journey (str, the journey's id), limit = 1000 (int, largest number of rows)
// returns: seq (from 0), interaction, activity, team (of the visit; null where the event has no owner of its own),
//   position (of the visit), channel, system, actor_type, started_ms (ms since 1970 in UTC),
//   ended_ms (ms since 1970 in UTC), gap_s (seconds without any event before it)
// reading: A row is an event, in order. A new position is a handoff; a long gap_s before it is its wait.
// index: Journey.id
MATCH (j:Journey {id: $journey})<-[:PART_OF]-(i:Interaction)<-[:OF]-(e:Event)
OPTIONAL MATCH (e)-[:IN_VISIT]->(v:Visit)
OPTIONAL MATCH (:Event)-[d:DF]->(e)
RETURN e.seq AS seq, i.id AS interaction, e.activity AS activity, v.team AS team, v.position AS position,
       e.channel AS channel, e.system AS system, e.actor_type AS actor_type, e.started_ms AS started_ms,
       e.ended_ms AS ended_ms, d.gap_s AS gap_s
ORDER BY seq
LIMIT $limit
