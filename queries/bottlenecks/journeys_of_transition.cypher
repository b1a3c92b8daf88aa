// title: Journeys of a slow step
// question: Show me the journeys that waited longest between these two activities.
// params: from_activity (str, the earlier activity), to_activity (str, the later activity),
//   limit = 10 (int, largest number of rows)
// returns: journey, seq (of the later event), started_ms (of the later event, ms since 1970 in UTC), gap_s (seconds),
//   journeys (with this step, all of them)
// reading: A row is one time the step was taken, the longest gap first. Look at one with paths/journey.
// index: Event.activity
MATCH (a:Event)-[d:DF]->(b:Event)
WHERE a.activity = $from_activity AND b.activity = $to_activity
MATCH (b)-[:OF]->(:Interaction)-[:PART_OF]->(j:Journey)
WITH j.id AS journey, b.seq AS seq, b.started_ms AS started_ms, d.gap_s AS gap_s
ORDER BY gap_s DESC, journey, seq
WITH count(DISTINCT journey) AS journeys, collect({journey: journey, seq: seq, started_ms: started_ms, gap_s: gap_s}) AS steps
UNWIND steps[..$limit] AS step
RETURN step.journey AS journey, step.seq AS seq, step.started_ms AS started_ms, step.gap_s AS gap_s, journeys
ORDER BY gap_s DESC, journey, seq
