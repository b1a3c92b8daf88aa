// title: Journeys like this one
// question: Which other journeys took the same path, and how did they end?
// params: journey (str, the journey's id), limit = 25 (int, largest number of rows)
// returns: journey, closeness (3 is the same teams in order and the same intent, 2 the same teams, 1 the same silos in
//   order and the same intent), intent (null where unknown), handoffs (count), elapsed_s (seconds),
//   apart_s (seconds longer or shorter than this one), outcome (null where unknown)
// reading: A row is another journey, the most similar first, then by similar duration. Few rows of closeness 3
//   mean that this one was an exception; many mean that this is the usual path.
// index: Journey.id
MATCH (me:Journey {id: $journey})
OPTIONAL MATCH (me)<-[:IN_JOURNEY]-(v:Visit)
WITH me, v
ORDER BY v.position
WITH me, collect(v.team) AS teams
CALL (me, teams) {
  // The same team at every place, and no place more.
  UNWIND range(0, size(teams) - 1) AS place
  MATCH (t:Team)<-[:BY]-(w:Visit)
  WHERE t.id = teams[place] AND w.position = place
  WITH me, teams, w.journey AS other, count(*) AS alike
  WHERE alike = size(teams)
  MATCH (o:Journey)
  WHERE o.id = other AND o.handoffs = size(teams) - 1
  RETURN o.id AS journey, CASE WHEN coalesce(o.intent, '') = coalesce(me.intent, '') THEN 3 ELSE 2 END AS close
  UNION ALL
  MATCH (o:Journey)
  WHERE o.silo_path = me.silo_path AND coalesce(o.intent, '') = coalesce(me.intent, '')
  RETURN o.id AS journey, 1 AS close
}
WITH me, journey, max(close) AS closeness
WHERE journey <> me.id
MATCH (j:Journey)
WHERE j.id = journey
WITH j, closeness, abs(j.elapsed_s - me.elapsed_s) AS apart_s
RETURN j.id AS journey, closeness, j.intent AS intent, j.handoffs AS handoffs, j.elapsed_s AS elapsed_s,
       apart_s, j.outcome AS outcome
ORDER BY closeness DESC, apart_s, journey
LIMIT $limit
