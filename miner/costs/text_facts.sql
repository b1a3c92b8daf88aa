-- table: text_facts
-- definition: What the texts say of each handoff (Information loss): facts told before it, those of them in no note of
--   the sending visit, and those that the customer gave before and gives again after a question of the receiver.
-- reads: handoffs, visits, events, message_order, messages, message_facts
-- grain: journey_id, position
-- saved: into information
-- order: journey_id, position
-- columns:
--   journey_id string: the journey
--   position int64: position of the receiving visit
--   facts_before int64: facts mentioned before the handoff; null unless texts were used (`--text use`)
--   facts_missing int64: of these, those in no note of the handing visit
--   facts_asked_again int64: of these, those the customer gave and repeats after a question of the receiver
--
-- A note is an event of type note; whatever else has a text is a message. A fact is in a text when all its words are.
-- Null where no message before the handoff has a text; facts_missing also where no note of the sender's source system has
-- one, facts_asked_again where no message of the receiver has one.
WITH told AS (
  SELECT
    e.journey_id, e.seq, coalesce(e.position, -1) AS position, e.owned, m.message_no, m.asks, m.words,
    e.actor_type = 'customer' AS by_customer, coalesce(e.event_type = 'note', false) AS is_note,
    coalesce(e.source_system, '') AS system
  FROM message_order o
  JOIN events e ON e.journey_id = o.journey_id AND e.seq = o.seq
  JOIN messages m ON m.message_no = o.message_no
),
noting AS (
  SELECT DISTINCT system FROM told WHERE owned AND is_note
),
begun AS (
  SELECT journey_id, min(position) AS position FROM told WHERE NOT is_note GROUP BY journey_id
),
-- of each visit: its first message with a question, null where its messages have none
received AS (
  SELECT journey_id, position, min(seq) FILTER (WHERE asks) AS asked_seq
  FROM told
  WHERE owned AND NOT is_note
  GROUP BY journey_id, position
),
sent AS (
  SELECT v.journey_id, v.position, n.system IS NOT NULL AS notes
  FROM visits v
  JOIN events e ON e.journey_id = v.journey_id AND e.seq = v.closed_seq
  LEFT JOIN noting n ON n.system = coalesce(e.source_system, '')
),
-- each fact of a journey once, with the visit it was first told in, by anybody and by the customer
firsts AS (
  SELECT
    t.journey_id, f.fact, any_value(f.words) AS words, min(t.position) AS position,
    min(t.position) FILTER (WHERE t.by_customer) AS own_position
  FROM told t
  JOIN message_facts f ON f.message_no = t.message_no
  WHERE NOT t.is_note
  GROUP BY t.journey_id, f.fact
),
new AS (
  SELECT journey_id, greatest(position + 1, 1) AS position, count(*) AS facts FROM firsts GROUP BY 1, 2
),
-- facts are looked up by one of their words, so that long journeys take no longer than short ones
noted AS (
  SELECT t.journey_id, t.position + 1 AS position, count(DISTINCT f.fact) AS facts
  FROM (
    SELECT n.journey_id, n.position, n.words, u.word
    FROM told n, LATERAL unnest(n.words) AS u(word)
    WHERE n.is_note AND n.owned
  ) t
  JOIN firsts f ON f.journey_id = t.journey_id AND list_extract(f.words, 1) = t.word AND f.position <= t.position
    AND list_has_all(t.words, f.words)
  GROUP BY 1, 2
),
again AS (
  SELECT t.journey_id, t.position, count(DISTINCT f.fact) AS facts
  FROM (
    SELECT a.journey_id, a.position, a.words, u.word
    FROM told a
    JOIN received r ON r.journey_id = a.journey_id AND r.position = a.position AND a.seq > r.asked_seq,
    LATERAL unnest(a.words) AS u(word)
    WHERE a.by_customer AND NOT a.is_note
  ) t
  JOIN firsts f ON f.journey_id = t.journey_id AND list_extract(f.words, 1) = t.word AND f.own_position < t.position
    AND list_has_all(t.words, f.words)
  GROUP BY 1, 2
),
counted AS (
  SELECT
    h.journey_id, h.position, b.position < h.position AS known, s.notes, r.position IS NOT NULL AS received,
    sum(coalesce(n.facts, 0)) OVER (PARTITION BY h.journey_id ORDER BY h.position ROWS UNBOUNDED PRECEDING) AS facts
  FROM handoffs h
  LEFT JOIN begun b ON b.journey_id = h.journey_id
  LEFT JOIN sent s ON s.journey_id = h.journey_id AND s.position = h.position - 1
  LEFT JOIN received r ON r.journey_id = h.journey_id AND r.position = h.position
  LEFT JOIN new n ON n.journey_id = h.journey_id AND n.position = h.position
)
SELECT
  c.journey_id, c.position,
  CAST(CASE WHEN c.known THEN c.facts END AS BIGINT) AS facts_before,
  CAST(CASE WHEN c.known AND c.notes THEN c.facts - coalesce(n.facts, 0) END AS BIGINT) AS facts_missing,
  CASE WHEN c.known AND c.received THEN coalesce(a.facts, 0) END AS facts_asked_again
FROM counted c
LEFT JOIN noted n ON n.journey_id = c.journey_id AND n.position = c.position
LEFT JOIN again a ON a.journey_id = c.journey_id AND a.position = c.position
