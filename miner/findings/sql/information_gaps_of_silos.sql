-- query: costs/information_gaps_of_silos
SELECT from_silo, to_silo,
       count(DISTINCT CASE WHEN asked_s IS NOT NULL THEN [from_owner, to_owner] END) AS pairs,
       count(asked_s) AS handoffs, count(DISTINCT asked_in) AS journeys, total(asked_s) AS asked_s,
       (list(DISTINCT asked_in ORDER BY asked_in) FILTER (WHERE asked_in IS NOT NULL))[1:10] AS examples
FROM asked_again
WHERE from_silo IS NOT NULL AND to_silo IS NOT NULL
GROUP BY from_silo, to_silo
HAVING count(asked_s) > 0
ORDER BY asked_s DESC, handoffs DESC, from_silo, to_silo
