-- table: settled
-- definition: Where each interaction is settled, how far its contact time reaches, and whether what comes before it is
--   a wait all the same (Settled; Contact time; Time, every second once: between).
-- reads: events, interaction_conversations, referred, settling_words
-- grain: interaction_id
-- saved: no
-- columns:
--   interaction_id string: the interaction
--   settled_seq int64: the event that settles it; null if it is not settled
--   contact_until_us timestamp: end of the contact time of its conversation; null for records
--   is_waited_for bool: a wait although between contacts: we begin it, or a reference opens it
--
-- Legs of one conversation are settled together, as far as they are of one journey. Settling: what the source calls resolved, a good outcome, an activity
-- named with --ends. A reopening, the customer who asks again and an act of an owner undo it; a closing does not, and
-- neither does a survey. settled_seq is null where it is not settled, contact_until_us where it is a record. is_waited_for:
-- we begin it, or a reference opens it from a contact that is not settled.
WITH words AS (
  SELECT
    w.activity, s.value IS NOT NULL AS settles,
    w.word LIKE 'clos%' OR w.word LIKE '% clos%' OR w.word LIKE 'auto%clos%' OR w.word LIKE '%archiv%' AS closes
  FROM (SELECT DISTINCT activity, lower(CAST(activity AS VARCHAR(1000))) AS word FROM events) w
  LEFT JOIN settling_words s ON s.kind = 'activity' AND s.value = w.word
),
marked AS (
  SELECT
    e.journey_id, c.interaction_id, c.conversation_id, c.kind, e.seq, e.started_us, e.ended_us, e.channel, e.event_type, e.actor_type,
    e.owned OR coalesce(e.actor_type = 'customer', false) AS is_act,
    e.is_resolved OR coalesce(w.settles, false) OR o.value IS NOT NULL AS settles,
    coalesce(e.event_type IN ('closed', 'merged'), false) OR w.closes AS closes,
    coalesce(e.event_type IN ('survey_offered', 'survey_answered'), false) AS is_survey, e.owned
  FROM events e
  JOIN interaction_conversations c ON c.interaction_id = CAST(e.interaction_id AS VARCHAR(1000))
  LEFT JOIN words w ON w.activity = e.activity
  LEFT JOIN settling_words o ON o.kind = 'outcome' AND o.value = lower(CAST(e.outcome AS VARCHAR(1000)))
),
summed AS (
  SELECT
    journey_id, conversation_id, max(kind) AS kind, min(seq) AS first_seq,
    max(CASE WHEN event_type = 'reopened' OR (owned AND NOT closes AND NOT is_survey)
             OR (actor_type = 'customer' AND NOT closes AND NOT is_survey
                 AND coalesce(event_type, '') NOT IN ('resolved', 'ended')) THEN seq END) AS undone_seq,
    max(CASE WHEN settles AND NOT closes THEN seq END) AS done_seq, max(CASE WHEN settles THEN seq END) AS closed_seq,
    max_by(ended_us, seq) FILTER (WHERE settles AND NOT closes) AS done_us,
    max_by(ended_us, seq) FILTER (WHERE settles) AS closed_us,
    coalesce(max(CASE WHEN is_act THEN ended_us END), max(ended_us)) AS last_us,
    coalesce(max(CASE WHEN channel = 'callback' THEN 1
                      WHEN event_type = 'started' AND actor_type <> 'customer' THEN 1 END), 0)
      > coalesce(max(CASE WHEN event_type = 'started' AND actor_type = 'customer' THEN 1 END), 0) AS is_ours
  FROM marked
  GROUP BY journey_id, conversation_id
),
judged AS (
  SELECT
    journey_id, conversation_id, kind, first_seq, is_ours,
    CASE WHEN done_seq >= coalesce(undone_seq, 0) THEN done_seq WHEN closed_seq >= coalesce(undone_seq, 0) THEN closed_seq END
      AS settled_seq,
    CASE WHEN kind = 'record' THEN NULL WHEN done_seq >= coalesce(undone_seq, 0) THEN done_us
         WHEN closed_seq >= coalesce(undone_seq, 0) THEN closed_us ELSE last_us END AS contact_until_us
  FROM summed
),
pairs AS (
  SELECT a.conversation_id AS one, b.conversation_id AS other
  FROM referred r
  JOIN interaction_conversations a ON a.interaction_id = r.interaction_id
  JOIN interaction_conversations b ON b.interaction_id = r.refers_to
),
opened AS (
  SELECT DISTINCT j.journey_id, j.conversation_id
  FROM (SELECT one, other FROM pairs UNION ALL SELECT other AS one, one AS other FROM pairs) p
  JOIN judged i ON i.conversation_id = p.one
  JOIN judged j ON j.conversation_id = p.other AND j.journey_id = i.journey_id
  WHERE i.first_seq < j.first_seq AND i.kind = 'contact' AND coalesce(i.settled_seq > j.first_seq, true)
)
SELECT
  l.interaction_id, j.settled_seq, j.contact_until_us,
  j.kind = 'contact' AND (j.is_ours OR o.conversation_id IS NOT NULL) AS is_waited_for
FROM judged j
JOIN (SELECT DISTINCT journey_id, conversation_id, interaction_id FROM marked) l
  ON l.journey_id = j.journey_id AND l.conversation_id = j.conversation_id
LEFT JOIN opened o ON o.journey_id = j.journey_id AND o.conversation_id = j.conversation_id
