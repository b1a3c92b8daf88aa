-- table: interactions
-- definition: One contact or ticket in one system; in a plain event log the case. is_repeat: its conversation starts
--   after, and at most the FCR window after, the latest end of the contact time of an earlier one of the same customer
--   and intent (Fragmentation Cost; Conversation; Contact time). A record repeats nothing.
-- reads: events, raw_interactions, interaction_conversations, settled
-- grain: interaction_id
-- saved: yes
-- order: interaction_id
-- columns:
--   interaction_id string: as in events
--   journey_id string: the journey it belongs to
--   kind string: contact (a call, a chat, a ticket) or record (a business object such as an order)
--   conversation_id string: the first interaction of its call or thread: legs of one call have the same
--   source_system string: first known
--   channel string: first known
--   customer string: key of the customer
--   customer_type string: human, machine or unknown
--   customer_type_sure double: 1 if declared or shown by a user agent; the certainty if derived from a cadence;
--     otherwise null
--   intent string: first known
--   is_repeat bool: its conversation begins within 7 days after an earlier one of the same customer and intent; null if
--     one of them is unknown, and for records
--   started_us timestamp: first start
--   ended_us timestamp: latest end
--   outcome string: last known
--   value double: last known
--   declared string: JSON of exported totals, for reconciliation
--   contact_until_us timestamp: end of the contact time of its conversation; null for records
--   settled_seq int64: `seq` of the event that settles it; null if it is not settled
--   is_waited_for bool: waiting before it counts although it is between contacts: we begin it, or a reference opens it
WITH summed AS (
  SELECT
    interaction_id, max(journey_id) AS journey_id,
    min_by(source_system, seq) FILTER (WHERE source_system IS NOT NULL) AS source_system,
    min_by(channel, seq) FILTER (WHERE channel IS NOT NULL) AS channel,
    min_by(customer, seq) FILTER (WHERE customer IS NOT NULL) AS customer,
    min_by(intent, seq) FILTER (WHERE intent IS NOT NULL) AS intent,
    min(started_us) AS started_us, max(ended_us) AS ended_us,
    max_by(outcome, seq) FILTER (WHERE outcome IS NOT NULL) AS outcome,
    max_by(value, seq) FILTER (WHERE value IS NOT NULL) AS value
  FROM events
  GROUP BY interaction_id
),
said AS (
  SELECT interaction_id, max(nullif(customer_type, 'unknown')) AS customer_type, max(customer_type_sure) AS customer_type_sure,
    max(declared) AS declared
  FROM raw_interactions GROUP BY interaction_id
),
customer_contacts AS (
  SELECT
    c.conversation_id, min(s.started_us) AS started_us, max(t.contact_until_us) AS contact_until_us,
    min_by(s.customer, (s.started_us, CAST(s.interaction_id AS VARCHAR(1000)))) FILTER (WHERE s.customer IS NOT NULL) AS customer,
    min_by(s.intent, (s.started_us, CAST(s.interaction_id AS VARCHAR(1000)))) FILTER (WHERE s.intent IS NOT NULL) AS intent
  FROM summed s
  JOIN interaction_conversations c ON c.interaction_id = s.interaction_id
  JOIN settled t ON t.interaction_id = c.interaction_id
  WHERE c.kind = 'contact'
  GROUP BY c.conversation_id
),
-- starts and ends of one customer's conversations of one intent on one line of time; a start sees the latest end before it
moments AS (
  SELECT customer, intent, contact_until_us AS at_us, 1 AS is_end, conversation_id FROM customer_contacts
  UNION ALL
  SELECT customer, intent, started_us AS at_us, 0 AS is_end, conversation_id FROM customer_contacts
),
seen AS (
  SELECT conversation_id, is_end, at_us, max(CASE WHEN is_end = 1 THEN at_us END) OVER (
    PARTITION BY customer, intent ORDER BY at_us, is_end, conversation_id ROWS UNBOUNDED PRECEDING) AS last_end_us
  FROM moments
  WHERE customer IS NOT NULL AND intent IS NOT NULL
),
repeated AS (
  SELECT conversation_id, coalesce(at_us - last_end_us <= {{fcr_window}}, false) AS is_repeat
  FROM seen
  WHERE is_end = 0
)
SELECT
  s.interaction_id, s.journey_id, c.kind, c.conversation_id, s.source_system, s.channel, s.customer,
  coalesce(d.customer_type, 'unknown') AS customer_type, d.customer_type_sure,
  s.intent, r.is_repeat, s.started_us, s.ended_us, s.outcome, s.value, d.declared, k.contact_until_us,
  t.settled_seq, t.is_waited_for
FROM summed s
LEFT JOIN interaction_conversations c ON c.interaction_id = s.interaction_id
LEFT JOIN settled t ON t.interaction_id = CAST(s.interaction_id AS VARCHAR(1000))
LEFT JOIN said d ON d.interaction_id = s.interaction_id
LEFT JOIN customer_contacts k ON k.conversation_id = c.conversation_id AND c.kind = 'contact'
LEFT JOIN repeated r ON r.conversation_id = k.conversation_id
