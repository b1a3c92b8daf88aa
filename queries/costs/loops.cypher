// title: What each loop costs
// question: Which pairs of teams cost most by sending work back and forth?
// params: min_journeys = 1 (int, smallest number of journeys to report), limit = 25 (int, largest number of rows)
// returns: team (that gets the journey back), via (the team in between), journeys (count), returns (count),
//   cost_s (Fragmentation Cost of going there and back, seconds), cost_s_mean (per return, seconds),
//   money (null without rates), unpriced_s (seconds of cost_s that have no rate, so that money leaves them out)
// reading: A row is A to B and back to A. The cost of going there and back disappears if A resolves it or B keeps it.
MATCH (back:Visit)-[r:RETURNS_TO]->(left:Visit)-[there:HANDOFF]->(mid:Visit)-[home:HANDOFF]->(again:Visit)
WHERE r.hops = 2
WITH left.team AS team, mid.team AS via, back.journey AS journey, there.cost_s + home.cost_s AS cost,
     coalesce(there.money, 0.0) + coalesce(home.money, 0.0) AS money,
     CASE WHEN there.money IS NULL AND home.money IS NULL THEN 0 ELSE 1 END AS paid,
     there.unpriced_s + home.unpriced_s AS unpriced
WITH team, via, count(DISTINCT journey) AS journeys, count(*) AS returns, sum(cost) AS cost_s, count(cost) AS costed,
     sum(money) AS money, sum(paid) AS paid,
     sum(unpriced) AS unpriced
WHERE journeys >= $min_journeys AND costed > 0
RETURN team, via, journeys, returns, cost_s, cost_s / returns AS cost_s_mean,
       CASE WHEN paid = 0 THEN null ELSE money END AS money, unpriced AS unpriced_s
ORDER BY cost_s DESC, returns DESC, team, via
LIMIT $limit
