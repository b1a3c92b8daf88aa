// title: Chains from the first contact
// question: Where does work go after its first contact, and how often does it end there?
// params: team = null (str, only journeys that begin with this team; all if null),
//   min_journeys = 1 (int, smallest number of journeys to report), limit = 50 (int, largest number of rows)
// returns: chain (the first teams in order, three at most), journeys (that begin so), ended (of them, those that go no
//   further), ended_share (0 to 1), elapsed_s_total (seconds of these journeys, summed)
// reading: A row is a starting chain. One with many journeys and a low ended_share starts in the wrong place: the work
//   is only passing through.
MATCH (a:Visit)-[:IN_JOURNEY]->(j:Journey)
WHERE a.position = 0 AND ($team IS NULL OR a.team = $team)
OPTIONAL MATCH (a)-[:HANDOFF]->(b:Visit)
OPTIONAL MATCH (a)-[:HANDOFF]->(:Visit)-[:HANDOFF]->(c:Visit)
WITH a.team AS first, b.team AS second, c.team AS third, count(*) AS journeys,
     sum(CASE WHEN j.handoffs <= 2 THEN 1 ELSE 0 END) AS ended, sum(j.elapsed_s) AS elapsed_s_total
WHERE journeys >= $min_journeys
RETURN [x IN [first, second, third] WHERE x IS NOT NULL] AS chain, journeys, ended,
       1.0 * ended / journeys AS ended_share, elapsed_s_total
ORDER BY journeys DESC, chain
LIMIT $limit
