// title: Paths through the teams
// question: Which paths through teams do journeys take from start to end?
// params: min_journeys = 1 (int, smallest number of journeys to report), limit = 25 (int, largest number of rows)
// returns: path (teams in order), handoffs (in the path), journeys (count), elapsed_s_total (seconds, summed),
//   elapsed_s_median (seconds)
// reading: A row is a path that journeys with a handoff took from start to end, the most frequent first. If few
//   paths carry most journeys, they are the process: shorten them. Many paths with one journey each are not.
MATCH (v:Visit)-[:IN_JOURNEY]->(j:Journey)
WHERE j.handoffs > 0
WITH v.journey AS journey, j.elapsed_s AS elapsed, v.position AS position, v.team AS team
ORDER BY position
WITH journey, elapsed, collect(team) AS path
ORDER BY elapsed
WITH path, count(*) AS journeys, sum(elapsed) AS elapsed_s_total, collect(elapsed) AS times
WHERE journeys >= $min_journeys
RETURN path, size(path) - 1 AS handoffs, journeys, elapsed_s_total,
       times[(50 * size(times) + 99) / 100 - 1] AS elapsed_s_median
ORDER BY journeys DESC, elapsed_s_total DESC, path
LIMIT $limit
