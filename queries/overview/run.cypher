// title: What the workspace was made with
// question: Which outcomes count as good, and what else did the run decide that results depend on?
// params: limit = 1 (int, largest number of rows)
// returns: good (outcomes that count as good, in small letters), settling (activities that settle a matter; null where none were
//   named), tz (time zone of weekdays and hours; null for UTC), journeys_by (how they were made: case or linked), window (days
//   within which a contact about the same belongs to the same journey), min_probability (of a link that was taken), tiers
//   (support tiers of teams as TEAM=TIER)
// reading: A row is the run, and there is one. Queries that ask for good outcomes take these unless others are given.
MATCH (run:Run)
RETURN run.good AS good, run.settling AS settling, run.tz AS tz, run.journeys_by AS journeys_by, run.window AS window,
       run.min_probability AS min_probability, run.tiers AS tiers
ORDER BY journeys_by, tz
LIMIT $limit
