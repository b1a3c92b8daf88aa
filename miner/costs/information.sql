-- table: information
-- definition: Information loss at each handoff by proxies: blind transfer, no note of the sending visit, steps of the
--   receiving visit that ask again, and what its first span takes longer than a first span without a handoff.
-- reads: handoffs, visits, events, journeys, asking, text_facts
-- grain: journey_id, position
-- saved: yes
-- order: journey_id, position
-- columns:
--   journey_id string: the journey
--   position int64: position of the receiving visit, as in `handoffs`
--   blind bool: the source calls the transfer blind; false: a consultation or conference
--   no_note bool: the handing visit left no note; null if its system has no notes
--   asked_again int64: steps of the receiving visit that ask for known information again
--   setup_excess_s double [s]: the receiver's first span minus the median without a handoff, seconds; can be negative
--   facts_before int64: facts mentioned before the handoff; null unless texts were used (`--text use`)
--   facts_missing int64: of these, those in no note of the handing visit
--   facts_asked_again int64: of these, those the customer gave and repeats after a question of the receiver
--
-- Null is unknown: a kind that does not say, a source system that records no notes, no activity declared as asking, no
-- span. The reference is the nearest-rank median of the same intent, of all intents under 30.
WITH noting AS (
  SELECT DISTINCT coalesce(source_system, '') AS system FROM events WHERE owned AND event_type = 'note'
),
noted AS (
  SELECT DISTINCT journey_id, position FROM events WHERE owned AND event_type = 'note'
),
sent AS (
  SELECT v.journey_id, v.position, n.system IS NOT NULL AS notes, d.position IS NOT NULL AS has_note
  FROM visits v
  JOIN events e ON e.journey_id = v.journey_id AND e.seq = v.closed_seq
  LEFT JOIN noting n ON n.system = coalesce(e.source_system, '')
  LEFT JOIN noted d ON d.journey_id = v.journey_id AND d.position = v.position
),
-- a step asks again as in the information gap of the Fragmentation Cost
topics AS (
  SELECT
    e.journey_id, e.seq, e.owned, e.position, row_number() OVER (PARTITION BY e.journey_id, a.topic ORDER BY e.seq) AS place
  FROM events e
  JOIN asking a ON a.activity = e.activity
),
again AS (
  SELECT journey_id, position, count(DISTINCT seq) AS events FROM topics WHERE place > 1 AND owned GROUP BY journey_id, position
),
setup AS (
  SELECT journey_id, position, min_by(ended_us - started_us, seq) AS span_us
  FROM events
  WHERE owned AND started_us < ended_us
  GROUP BY journey_id, position
),
ranked AS (
  SELECT
    j.intent, s.span_us,
    row_number() OVER (PARTITION BY j.intent ORDER BY s.span_us) AS place, count(*) OVER (PARTITION BY j.intent) AS n,
    row_number() OVER (ORDER BY s.span_us) AS place_of_all, count(*) OVER () AS n_of_all
  FROM setup s
  JOIN journeys j ON j.journey_id = s.journey_id
  WHERE j.handoffs = 0 AND s.position = 0
),
of_intents AS (
  SELECT intent, {{nearest_rank 50, span_us, place, n}} AS median_us
  FROM ranked WHERE intent IS NOT NULL AND n >= 30 GROUP BY intent
),
of_all AS (
  SELECT {{nearest_rank 50, span_us, place_of_all, n_of_all}} AS median_us FROM ranked
),
asks AS (
  SELECT count(*) > 0 AS any_do FROM asking
)
SELECT
  h.journey_id, h.position,
  CASE WHEN h.kind = 'blind' THEN true WHEN h.kind IN ('consult', 'conference') THEN false END AS blind,
  CASE WHEN s.has_note THEN false WHEN s.notes THEN true END AS no_note,
  CASE WHEN k.any_do THEN coalesce(g.events, 0) END AS asked_again,
  (u.span_us - coalesce(i.median_us, a.median_us)) / 1e6 AS setup_excess_s,
  f.facts_before, f.facts_missing, f.facts_asked_again
FROM handoffs h
JOIN journeys j ON j.journey_id = h.journey_id
CROSS JOIN asks k
CROSS JOIN of_all a
LEFT JOIN of_intents i ON i.intent = j.intent
LEFT JOIN sent s ON s.journey_id = h.journey_id AND s.position = h.position - 1
LEFT JOIN again g ON g.journey_id = h.journey_id AND g.position = h.position
LEFT JOIN setup u ON u.journey_id = h.journey_id AND u.position = h.position
LEFT JOIN text_facts f ON f.journey_id = h.journey_id AND f.position = h.position
