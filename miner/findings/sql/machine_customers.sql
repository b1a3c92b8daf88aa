-- query: overview/machine_customers
SELECT j.customer, min(i.customer_type_sure) AS sure, count(*) AS contacts, count(DISTINCT i.journey_id) AS journeys,
       count(*) FILTER (WHERE c.has_human) AS handled_by_people, min(i.journey_id) AS journey
FROM interactions i
JOIN journeys j USING (journey_id)
LEFT JOIN conversations c ON c.conversation_id = i.conversation_id
WHERE i.customer_type = 'machine' AND i.kind = 'contact' AND i.conversation_id = i.interaction_id
  AND j.customer IS NOT NULL
GROUP BY j.customer
ORDER BY contacts DESC, j.customer
