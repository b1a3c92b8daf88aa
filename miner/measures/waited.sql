-- table: waited
-- definition: Our waiting that something ended (own_waits); what nobody ends is no wait yet, and has no row.
-- reads: own_waits
SELECT journey_id, seq, from_us, to_us, part FROM own_waits WHERE seq IS NOT NULL
