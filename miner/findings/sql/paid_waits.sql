-- query: costs/team_pairs
-- What the handoffs to each team cost in money, and the seconds of that cost without a rate.
SELECT to_owner AS team, total(money_total) AS money, coalesce(total(unpriced_s_total), 0.0) AS unpriced_s
FROM team_pairs
GROUP BY to_owner
HAVING money <> 0
