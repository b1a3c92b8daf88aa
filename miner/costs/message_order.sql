-- table: message_order
-- definition: Where each message is: its journey and place.
-- reads: event_order, message_places
-- grain: message_no
-- saved: no
-- columns:
--   journey_id string: the journey
--   seq int64: place of the event in the journey, from 0
--   message_no int64: number of the message
SELECT p.journey_id, p.seq, m.message_no
FROM event_order p
JOIN message_places m ON m.event_no = p.event_no
