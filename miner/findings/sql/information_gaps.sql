-- query: costs/information_gaps
SELECT from_owner AS from_team, to_owner AS to_team, min(from_silo) AS from_silo, min(to_silo) AS to_silo,
       count(asked_s) AS handoffs, count(DISTINCT asked_in) AS journeys, total(asked_s) AS asked_s,
       (list(DISTINCT asked_in ORDER BY asked_in) FILTER (WHERE asked_in IS NOT NULL))[1:10] AS examples
FROM asked_again
GROUP BY from_owner, to_owner
HAVING count(asked_s) > 0
ORDER BY asked_s DESC, handoffs DESC, from_team, to_team
