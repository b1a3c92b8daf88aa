// title: Journeys far slower than usual
// question: Which journeys took much longer than others with the same intent?
// params: min_journeys = 10 (int, smallest number of journeys of an intent to compare with),
//   limit = 25 (int, largest number of rows)
// returns: journey, intent (null where unknown), elapsed_s (seconds), usual_s (median of the intent, seconds),
//   extra_s (seconds above it), handoffs (count), returns (count), outcome (null where unknown)
// reading: A row is a journey, most time lost first. Look at one with paths/critical_path. Without handoffs the time
//   went inside one team, or with the customer.
// index: Journey.id
MATCH (i:Journey)
WITH i.intent AS intent, i.elapsed_s AS elapsed, i.id AS journey
ORDER BY elapsed DESC, journey
WITH intent, collect(elapsed) AS times, collect(journey) AS slowest
WHERE size(times) >= $min_journeys
// From the longest to the shortest: the median is counted from the end, and no intent needs more than its first rows.
WITH times[size(times) - (50 * size(times) + 99) / 100] AS usual, slowest[..$limit] AS slow
UNWIND slow AS journey
MATCH (j:Journey)
WHERE j.id = journey AND j.elapsed_s > usual
RETURN j.id AS journey, j.intent AS intent, j.elapsed_s AS elapsed_s, usual AS usual_s, j.elapsed_s - usual AS extra_s,
       j.handoffs AS handoffs, j.returns AS returns, j.outcome AS outcome
ORDER BY extra_s DESC, journey
LIMIT $limit
