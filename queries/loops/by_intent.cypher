// title: Loops by intent
// question: For which intents do journeys go in circles, and how much time does it cost?
// params: min_journeys = 1 (int, smallest number of returning journeys to report), limit = 50 (int, largest number of
//   rows)
// returns: intent (null where unknown), journeys (of that intent), returned (of them, those that came back to a team),
//   returned_share (0 to 1), returns (count), avoidable (returns that nothing in between could justify; null where the
//   log cannot tell), away_s_total (seconds from leaving the team until its return, summed)
// reading: A row is an intent. A high returned_share means that no team can resolve this alone, or that nobody knows
//   who is responsible. loops/team_loops shows between whom.
MATCH (i:Journey)
WITH i.intent AS intent, count(*) AS n
WITH collect({intent: coalesce(intent, ''), journeys: n}) AS totals
MATCH (back:Visit)-[r:RETURNS_TO]->(left:Visit)-[:IN_JOURNEY]->(j:Journey)
WITH totals, j.intent AS intent, j.id AS journey, r.avoidable AS avoidable,
     CASE WHEN back.arrived_ms > left.left_ms THEN (back.arrived_ms - left.left_ms) / 1000.0 ELSE 0.0 END AS away
WITH totals, intent, count(DISTINCT journey) AS returned, count(*) AS returns, count(avoidable) AS judged,
     sum(CASE WHEN avoidable THEN 1 ELSE 0 END) AS needless, sum(away) AS away_s_total
WHERE returned >= $min_journeys
WITH intent, [x IN totals WHERE x.intent = coalesce(intent, '')][0].journeys AS journeys, returned, returns, judged, needless,
     away_s_total
RETURN intent, journeys, returned, 1.0 * returned / journeys AS returned_share, returns,
       CASE WHEN judged = 0 THEN null ELSE needless END AS avoidable, away_s_total
ORDER BY away_s_total DESC, returns DESC, intent
LIMIT $limit
