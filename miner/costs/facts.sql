-- table: information
-- definition: What the texts say of each handoff (Information loss): facts told before it, those of them in no note of the
--   sending visit, and those that the customer gave before and gives again after a question of the receiver.
-- reads: handoffs, visits, events, message_order, messages, facts
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
-- of each handoff: whether texts are known, and the receiver's first question
known AS (
  SELECT
    h.journey_id, h.position,
    bool_or(t.position < h.position AND NOT t.is_note) AS before,
    bool_or(t.position = h.position AND t.owned AND NOT t.is_note) AS received,
    min(t.seq) FILTER (WHERE t.position = h.position AND t.owned AND NOT t.is_note AND t.asks) AS asked_seq
  FROM handoffs h
  JOIN told t ON t.journey_id = h.journey_id
  GROUP BY h.journey_id, h.position
),
sent AS (
  SELECT v.journey_id, v.position, n.system IS NOT NULL AS notes
  FROM visits v
  JOIN events e ON e.journey_id = v.journey_id AND e.seq = v.closed_seq
  LEFT JOIN noting n ON n.system = coalesce(e.source_system, '')
),
-- each fact once a handoff
before AS (
  SELECT h.journey_id, h.position, f.fact, any_value(f.words) AS words, bool_or(t.by_customer) AS by_customer
  FROM handoffs h
  JOIN told t ON t.journey_id = h.journey_id AND t.position < h.position AND NOT t.is_note
  JOIN facts f ON f.message_no = t.message_no
  GROUP BY h.journey_id, h.position, f.fact
),
noted AS (
  SELECT DISTINCT b.journey_id, b.position, b.fact
  FROM before b
  JOIN told t ON t.journey_id = b.journey_id AND t.position = b.position - 1 AND t.is_note AND t.owned
    AND list_has_all(t.words, b.words)
),
again AS (
  SELECT DISTINCT b.journey_id, b.position, b.fact
  FROM before b
  JOIN known k ON k.journey_id = b.journey_id AND k.position = b.position
  JOIN told t ON t.journey_id = b.journey_id AND t.position = b.position AND t.by_customer AND NOT t.is_note
    AND t.seq > k.asked_seq AND list_has_all(t.words, b.words)
  WHERE b.by_customer
),
counted AS (
  SELECT b.journey_id, b.position, count(*) AS facts, count(n.fact) AS noted, count(a.fact) AS again
  FROM before b
  LEFT JOIN noted n ON n.journey_id = b.journey_id AND n.position = b.position AND n.fact = b.fact
  LEFT JOIN again a ON a.journey_id = b.journey_id AND a.position = b.position AND a.fact = b.fact
  GROUP BY b.journey_id, b.position
)
SELECT
  h.journey_id, h.position,
  CASE WHEN k.before THEN coalesce(c.facts, 0) END AS facts_before,
  CASE WHEN k.before AND s.notes THEN coalesce(c.facts - c.noted, 0) END AS facts_missing,
  CASE WHEN k.before AND k.received THEN coalesce(c.again, 0) END AS facts_asked_again
FROM handoffs h
LEFT JOIN known k ON k.journey_id = h.journey_id AND k.position = h.position
LEFT JOIN sent s ON s.journey_id = h.journey_id AND s.position = h.position - 1
LEFT JOIN counted c ON c.journey_id = h.journey_id AND c.position = h.position
