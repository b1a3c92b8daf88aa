// title: Settings of the run
// question: Which outcomes count as good, and which other settings affect the results?
// params: limit = 1 (int, largest number of rows)
// returns: good (outcomes that count as good, in lower case), settling (activities that settle a matter; null where
//   none were named), tz (time zone of weekdays and hours; null for UTC), journeys_by (case or linked), window (days
//   within which a contact about the same belongs to the same journey), min_probability (of a link that was taken),
//   tiers (support tiers of teams as TEAM=TIER)
// reading: One row, the run. Queries about good outcomes use these unless you give others.
MATCH (run:Run)
RETURN run.good AS good, run.settling AS settling, run.tz AS tz, run.journeys_by AS journeys_by, run.window AS window,
       run.min_probability AS min_probability, run.tiers AS tiers
ORDER BY journeys_by, tz
LIMIT $limit
