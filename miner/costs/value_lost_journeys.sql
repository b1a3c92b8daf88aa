-- table: value_lost_journeys
-- definition: What each journey of a found path lost, in intents that were compared (Value lost on cross-silo paths).
-- reads: found_losses, loss_journeys, path_journeys, silo_visits, visits
-- grain: rank, journey_id
-- saved: yes
-- order: rank, journey_id
-- columns:
--   rank int64: the path's `rank`
--   journey_id string: the journey
--   seq int64: the event at which it reaches the last silo of the path
--   intent string: its intent
--   value double: its value
--   value_lost double: its value times the difference of its intent, corrected like that of the path
WITH shares AS (
  SELECT
    no, intent, count(CASE WHEN on_path THEN 1 END) AS n_on, count(CASE WHEN NOT on_path THEN 1 END) AS n_off,
    avg(CASE WHEN NOT on_path THEN CAST(good AS INTEGER) END) - avg(CASE WHEN on_path THEN CAST(good AS INTEGER) END)
      AS gap
  FROM loss_journeys
  GROUP BY no, intent
),
-- the event with which a journey reaches the last silo of the path for the first time
reached AS (
  SELECT l.no, t.journey_id, min(v.opened_seq) AS seq
  FROM found_losses l
  JOIN path_journeys t ON t.path = l.path
  JOIN silo_visits s ON s.journey_id = t.journey_id AND s.position = t.position + t.silos - 1
  JOIN visits v ON v.journey_id = s.journey_id AND v.position = s.first_position
  GROUP BY l.no, t.journey_id
)
SELECT
  j.no + 1 AS rank, j.journey_id, r.seq, nullif(j.intent, '') AS intent, j.value,
  j.value * s.gap * l.corrected AS value_lost
FROM loss_journeys j
JOIN found_losses l ON l.no = j.no
JOIN shares s ON s.no = j.no AND s.intent = j.intent
JOIN reached r ON r.no = j.no AND r.journey_id = j.journey_id
WHERE j.on_path AND s.n_on >= 5 AND s.n_off >= 5
