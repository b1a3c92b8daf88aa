// title: Asked again between silos
// question: After handoffs between which departments do people ask for known information?
// params: from_silo = null (str, only from this silo; any if null), to_silo = null (str, only to this silo; any if
//   null), limit = 50 (int, largest number of rows)
// returns: from_silo, to_silo, pairs (of teams after whose handoffs it was asked again, count), handoffs (after which
//   it was asked again, count), journeys (count), share (of all handoffs between the two, 0 to 1), asked_s (handling
//   time of asking again, seconds), examples (up to 10 of the journeys)
// reading: A row is a pair of silos in one direction; the two may be the same. Many pairs of teams with little time
//   each are one problem of the two silos; costs/information_gaps lists the pairs.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE a.silo IS NOT NULL AND b.silo IS NOT NULL
  AND ($from_silo IS NULL OR a.silo = $from_silo) AND ($to_silo IS NULL OR b.silo = $to_silo)
WITH a.silo AS from_silo, b.silo AS to_silo, a.team AS from_team, b.team AS to_team, b.journey AS journey,
     h.information_gap_cost_s AS gap
ORDER BY journey
WITH from_silo, to_silo, count(*) AS n,
     sum(CASE WHEN gap > 0 THEN 1 ELSE 0 END) AS handoffs, sum(gap) AS asked,
     collect(DISTINCT CASE WHEN gap > 0 THEN [from_team, to_team] ELSE null END) AS pairs,
     collect(DISTINCT CASE WHEN gap > 0 THEN journey ELSE null END) AS asked_in
WHERE handoffs > 0
RETURN from_silo, to_silo, size(pairs) AS pairs, handoffs, size(asked_in) AS journeys, 1.0 * handoffs / n AS share,
       asked AS asked_s, asked_in[0..10] AS examples
ORDER BY asked_s DESC, handoffs DESC, from_silo, to_silo
LIMIT $limit
