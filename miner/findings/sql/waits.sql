-- The waits of all queues, the longest first, and with which others each is compared.
SELECT w.journey_id, w.team, w.kind, w.ending, w.wait_s,
       coalesce(j.intent, '')
         || CASE WHEN w.handed_over THEN '/handed' ELSE '/first/' || coalesce(w.channel, '') END
         || CASE WHEN w.queued THEN '/queued' ELSE '' END AS alike
FROM waits w JOIN journeys j USING (journey_id)
ORDER BY w.wait_s DESC, w.journey_id, w.seq
