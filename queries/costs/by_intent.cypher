// title: What each intent costs
// question: For which intents does fragmentation cost most?
// params: limit = 50 (int, largest number of rows)
// returns: intent (null where unknown), journeys (count), with_cost (journeys that cost anything, count),
//   cost_s (Fragmentation Cost, seconds; null where not computed), cost_s_mean (per journey, seconds; null likewise),
//   share (of all, 0 to 1; null likewise), money (null without rates),
//   unpriced_s (seconds of cost_s that have no rate, so that money leaves them out)
// reading: A row is an intent. A high share with a low cost_s_mean is volume, a high mean is a poor process.
MATCH (j:Journey)
WITH j.intent AS intent, count(*) AS journeys, sum(CASE WHEN j.cost_s > 0 THEN 1 ELSE 0 END) AS with_cost,
     sum(j.cost_s) AS cost, count(j.cost_s) AS costed, sum(j.money) AS money, count(j.money) AS paid,
     sum(j.unpriced_s) AS unpriced
WITH collect({intent: intent, journeys: journeys, with_cost: with_cost, cost: 1.0 * cost, costed: costed, money: money,
              paid: paid, unpriced: 1.0 * unpriced}) AS rows, 1.0 * sum(cost) AS whole
UNWIND rows AS x
RETURN x.intent AS intent, x.journeys AS journeys, x.with_cost AS with_cost,
       CASE WHEN x.costed = 0 THEN null ELSE x.cost END AS cost_s,
       CASE WHEN x.costed = 0 THEN null ELSE x.cost / x.journeys END AS cost_s_mean,
       CASE WHEN x.costed = 0 OR whole = 0 THEN null ELSE x.cost / whole END AS share,
       CASE WHEN x.paid = 0 THEN null ELSE x.money END AS money,
       CASE WHEN x.costed = 0 THEN null ELSE x.unpriced END AS unpriced_s
ORDER BY cost_s DESC, journeys DESC, intent
LIMIT $limit
