-- query: overview/machine_journeys
SELECT intent, count(*) AS journeys
FROM journeys j SEMI JOIN (
  SELECT journey_id FROM interactions WHERE customer_type = 'machine' AND kind = 'contact'
) i USING (journey_id)
GROUP BY intent
ORDER BY journeys DESC, intent
