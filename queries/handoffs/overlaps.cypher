// title: Two teams at once
// question: Where does the next team start before the previous one has finished?
// params: limit = 25 (int, largest number of rows)
// returns: from_team, to_team, handoffs (that overlap, count), share (of all handoffs of the pair, 0 to 1),
//   journeys (count), overlap_s_total (seconds, summed), overlap_s_median (seconds)
// reading: A row is a pair. Short overlaps are warm transfers and consultations; long ones mean that the
//   first team continues with work it has handed over, or documents it late.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE h.overlap_s > 0
WITH a.team AS from_team, b.team AS to_team, h.overlap_s AS overlap, b.journey AS journey
ORDER BY overlap
WITH from_team, to_team, count(*) AS handoffs, count(DISTINCT journey) AS journeys, sum(overlap) AS overlap_s_total,
     collect(overlap) AS overlaps
MATCH (f:Team {id: from_team})-[p:HANDS_OFF_TO]->(g:Team {id: to_team})
RETURN from_team, to_team, handoffs, 1.0 * handoffs / p.handoffs AS share, journeys, overlap_s_total,
       overlaps[(50 * size(overlaps) + 99) / 100 - 1] AS overlap_s_median
ORDER BY overlap_s_total DESC, handoffs DESC, from_team, to_team
LIMIT $limit
