// title: Where the time of one journey went
// question: Which steps of this journey took most of its time, as waiting or as work?
// params: journey (str, the journey's id), limit = 10 (int, largest number of rows)
// returns: seq (of the event, from 0), activity, team (of the visit; null where the event has no owner of its own),
//   after_activity (of the event before; null at the first), after_team (of the event before), wait_s (seconds before
//   it in which nothing happened), own_wait_s (of that the part that was ours, not the customer's), busy_s (seconds by
//   which the event itself made the journey longer), step_s (both together), share (of that in the whole journey, 0 to
//   1)
// reading: A row is a step, the longest first. Every second of the journey is in exactly one step, so the shares of all
//   steps add up to 1. If own_wait_s is far below wait_s, it was the customer's turn.
// index: Journey.id
MATCH (j:Journey {id: $journey})<-[:PART_OF]-(:Interaction)<-[:OF]-(x:Event)
WITH j, x
ORDER BY x.seq
WITH j, collect(x.ended_ms) AS finished
MATCH (j)<-[:PART_OF]-(:Interaction)<-[:OF]-(e:Event)
OPTIONAL MATCH (e)-[:IN_VISIT]->(v:Visit)
OPTIONAL MATCH (p:Event)-[d:DF]->(e)
OPTIONAL MATCH (u:Visit)<-[:IN_VISIT]-(:Event)-[:DF]->(e)
// The latest end before this event: what lies beyond it is new time.
WITH j, e, v, p, u, coalesce(d.gap_s, 0.0) AS wait, coalesce(d.own_wait_s, 0.0) AS own_wait,
     reduce(latest = e.started_ms, x IN finished[..e.seq] | CASE WHEN x > latest THEN x ELSE latest END) AS begun
WITH j, e, v, p, u, wait, own_wait, CASE WHEN e.ended_ms > begun THEN (e.ended_ms - begun) / 1000.0 ELSE 0.0 END AS busy
RETURN e.seq AS seq, e.activity AS activity, v.team AS team, p.activity AS after_activity, u.team AS after_team,
       wait AS wait_s, own_wait AS own_wait_s, busy AS busy_s, wait + busy AS step_s,
       CASE WHEN j.elapsed_s = 0 THEN null ELSE (wait + busy) / j.elapsed_s END AS share
ORDER BY step_s DESC, seq
LIMIT $limit
