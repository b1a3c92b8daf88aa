-- table: loss_cells
-- definition: For each found path, the journeys compared by intent, channel of the first visit, and whether they are on
--   it.
-- reads: loss_journeys, visits
-- grain: no, intent, channel, on_path
-- saved: no
-- columns:
--   no int64: number of the path
--   intent string: the intent; empty if unknown
--   channel string: the channel; empty if unknown
--   on_path bool: they took the path
--   journeys int64: number of journeys
--   good int64: of these, ended well
WITH first_visits AS (
  SELECT journey_id, channel FROM visits WHERE position = 0
)
SELECT
  j.no, j.intent, coalesce(v.channel, '') AS channel, j.on_path, count(*) AS journeys,
  count(CASE WHEN j.good THEN 1 END) AS good
FROM loss_journeys j
LEFT JOIN first_visits v ON v.journey_id = j.journey_id
GROUP BY j.no, j.intent, coalesce(v.channel, ''), j.on_path
