-- query: loops/journeys_of_loop
-- The longest absence first.
SELECT r.journey_id AS journey
FROM returns r
JOIN visits l ON l.journey_id = r.journey_id AND l.position = r.from_position
JOIN visits b ON b.journey_id = r.journey_id AND b.position = r.to_position
JOIN visits n ON n.journey_id = r.journey_id AND n.position = r.from_position + 1
WHERE r.owner = $team AND n.owner = $via AND r."order" = $loop_order
ORDER BY greatest(epoch_ms(b.arrived_at) - epoch_ms(l.left_at), 0) DESC, journey, r.to_position
LIMIT 10
