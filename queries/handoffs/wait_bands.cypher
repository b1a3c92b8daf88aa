// title: Handoffs by how long they wait
// question: How many handoffs are picked up immediately, and how many wait for days?
// params: to_team = null (str, only handoffs to this team; all if null), limit = 10 (int, largest number of rows; there
//   are 7 at most)
// returns: from_s (shortest own wait of the band, seconds), to_s (the waits of the band are shorter; null in the last),
//   handoffs (count), share (of all handoffs, 0 to 1), journeys (count), wait_s_total (own waits, seconds),
//   wait_share (of all the waiting, 0 to 1)
// reading: A row is a band, the shortest waits first; the first ends at a minute. A small share with a large wait_share
//   is a tail: look at those few with handoffs/examples before you add people.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE $to_team IS NULL OR b.team = $to_team
WITH h.own_wait_s AS wait, b.journey AS journey
WITH CASE WHEN wait < 60 THEN 0 WHEN wait < 900 THEN 1 WHEN wait < 3600 THEN 2 WHEN wait < 28800 THEN 3
          WHEN wait < 86400 THEN 4 WHEN wait < 259200 THEN 5 ELSE 6 END AS band, wait, journey
WITH band, count(*) AS handoffs, count(DISTINCT journey) AS journeys, sum(wait) AS wait_s_total
WITH collect({band: band, handoffs: handoffs, journeys: journeys, wait: wait_s_total}) AS bands, sum(handoffs) AS n,
     sum(wait_s_total) AS whole
UNWIND bands AS x
RETURN [0, 60, 900, 3600, 28800, 86400, 259200][x.band] AS from_s, [60, 900, 3600, 28800, 86400, 259200, null][x.band] AS to_s,
       x.handoffs AS handoffs, 1.0 * x.handoffs / n AS share, x.journeys AS journeys, x.wait AS wait_s_total,
       CASE WHEN whole = 0 THEN null ELSE x.wait / whole END AS wait_share
ORDER BY from_s
LIMIT $limit
