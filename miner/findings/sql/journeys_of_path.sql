-- query: silos/journeys_of_path
-- The longest first.
SELECT journey_id AS journey
FROM taken_paths t JOIN journeys j USING (journey_id)
WHERE t.path = CAST($path AS VARCHAR[])
ORDER BY epoch_us(j.ended_at) - epoch_us(j.started_at) DESC, journey
LIMIT 10
