-- table: contacts
-- definition: One row an interaction that somebody owned or that waited in a queue: who answered, how long it waited and was worked on, how it ended, and whether the
--   customer was back about the same within 1, 7, 14 and 30 days (Contact-centre measures).
-- reads: events, interactions, good, tiers, handling
-- Null is unknown: a wait where no queue is recorded, handling time where the system records no spans, a resolution
-- where no outcome is known, a recontact where the log ends before the days are over or customer or intent are unknown.
-- A handoff to an owner of a higher tier escalates; where a tier on the way is not known, only what is recorded counts.
WITH steps AS (
  SELECT
    interaction_id, seq, event_type, activity, actor_type, owned, attributes, source_system,
    epoch_us(started_at) AS started_us, epoch_us(ended_at) - epoch_us(started_at) AS span_us,
    -- an owner that the log calls nothing else is a person
    owned AND coalesce(actor_type, 'unknown') <> 'bot' AS by_person, owned AND coalesce(actor_type, 'unknown') = 'bot' AS by_bot
  FROM events
),
spanning AS (
  SELECT DISTINCT source_system FROM steps WHERE span_us > 0 AND owned
),
escalating AS (
  SELECT DISTINCT source_system FROM steps WHERE event_type = 'escalated'
),
summed AS (
  SELECT
    s.interaction_id, min_by(s.by_bot, s.seq) FILTER (WHERE s.owned) AS bot_first,
    bool_or(s.by_bot) AS has_bot, bool_or(s.by_person) AS has_human,
    coalesce(bool_or(s.event_type = 'queue_enter'), false) AS queued, coalesce(bool_or(s.event_type = 'abandoned'), false) AS abandoned,
    coalesce(bool_or(s.event_type = 'callback_requested'), false) AS called_back,
    coalesce(bool_or(s.event_type = 'escalated'), false) AS escalated,
    min(s.started_us) FILTER (WHERE s.event_type = 'queue_enter') AS queued_us,
    sum(s.span_us) FILTER (WHERE s.by_person) AS human_us,
    sum(s.span_us) FILTER (WHERE s.by_bot) AS bot_us,
    count(*) FILTER (WHERE s.event_type = 'message' AND s.owned) AS replies,
    count(*) FILTER (WHERE s.event_type = 'reopened') AS reopens,
    bool_or(s.event_type = 'status_changed' AND regexp_matches(lower(s.activity), 'pending|hold|wait')) AS waited,
    coalesce(bool_or(s.event_type IN ('resolved', 'closed')), false) AS finished,
    min_by(json_extract_string(s.attributes, '$.region'), s.seq)
      FILTER (WHERE json_extract_string(s.attributes, '$.region') IS NOT NULL) AS region,
    max_by(try_cast(json_extract_string(s.attributes, '$.score') AS DOUBLE), s.seq)
      FILTER (WHERE s.event_type = 'survey_answered' AND json_extract_string(s.attributes, '$.score') IS NOT NULL) AS score
  FROM steps s
  GROUP BY s.interaction_id
),
-- the first act of a person in or after the queue; who had it before the queue did not answer it
answered AS (
  SELECT s.interaction_id, min(s.started_us) AS answered_us
  FROM steps s
  JOIN summed q ON q.interaction_id = s.interaction_id
  WHERE s.by_person AND s.started_us >= q.queued_us
  GROUP BY s.interaction_id
),
-- handoffs that leave one owner and reach the next in the same interaction
owned_steps AS (
  SELECT
    interaction_id, owner, lag(owner) OVER w AS last_owner, lag(interaction_id) OVER w AS last_interaction
  FROM events
  WHERE owned
  WINDOW w AS (PARTITION BY journey_id ORDER BY seq)
),
handed AS (
  SELECT o.interaction_id, count(*) AS transfers, bool_or(t.tier > l.tier) AS raised, count(t.tier > l.tier) AS tiers_known
  FROM owned_steps o
  LEFT JOIN tiers t ON t.team = o.owner
  LEFT JOIN tiers l ON l.team = o.last_owner
  WHERE o.owner <> o.last_owner AND o.interaction_id = o.last_interaction
  GROUP BY o.interaction_id
),
-- whether tiers were given at all
tiered AS (
  SELECT count(*) > 0 AS known FROM tiers
),
-- the team that had it first
begun AS (
  SELECT interaction_id, min_by(owner, seq) AS team FROM events WHERE owned GROUP BY interaction_id
),
-- the next contact of the same customer about the same, after the end of this one
own AS (
  SELECT interaction_id, customer, intent, epoch_us(started_at) AS started_us, epoch_us(ended_at) AS ended_us
  FROM interactions WHERE customer IS NOT NULL AND intent IS NOT NULL
),
moments AS (
  SELECT interaction_id, customer, intent, started_us AS at_us, 0 AS is_end FROM own
  UNION ALL
  SELECT interaction_id, customer, intent, ended_us AS at_us, 1 AS is_end FROM own
),
seen AS (
  SELECT interaction_id, is_end, at_us, min(CASE WHEN is_end = 0 THEN at_us END) OVER (
    PARTITION BY customer, intent ORDER BY at_us, is_end, interaction_id
    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_us
  FROM moments
),
next AS (
  SELECT interaction_id, next_us - at_us AS after_us FROM seen WHERE is_end = 1
),
-- a contact within 7 days is charged to the latest one that was over before it
charged AS (
  SELECT before_id AS interaction_id, count(*) AS repeats_caused
  FROM (
    SELECT is_end, at_us, last_value(CASE WHEN is_end = 1 THEN interaction_id END IGNORE NULLS) OVER w AS before_id,
           max(CASE WHEN is_end = 1 THEN at_us END) OVER w AS before_us
    FROM moments
    WINDOW w AS (PARTITION BY customer, intent ORDER BY at_us, is_end, interaction_id ROWS UNBOUNDED PRECEDING)
  ) started
  WHERE is_end = 0 AND before_us < at_us AND at_us - before_us <= 604800000000
  GROUP BY before_id
),
log_end AS (
  SELECT max(epoch_us(ended_at)) AS us FROM events
)
SELECT
  i.interaction_id, i.journey_id, i.source_system, i.channel, b.team, i.customer_type, i.intent, s.region, i.is_repeat,
  i.started_at, i.ended_at,
  CASE WHEN s.bot_first THEN 'bot' WHEN NOT s.bot_first THEN 'human' END AS first_actor,
  s.has_bot, s.has_human, s.queued AND NOT s.called_back AS queued, s.abandoned AND NOT s.called_back AS abandoned,
  s.has_human OR s.has_bot AS handled,
  CASE WHEN NOT s.abandoned THEN (a.answered_us - s.queued_us) / 1e6 END AS answer_wait_s,
  CASE WHEN p.source_system IS NOT NULL THEN s.human_us / 1e6 END AS human_handle_s,
  CASE WHEN p.source_system IS NOT NULL THEN s.bot_us / 1e6 END AS bot_handle_s,
  coalesce(h.transfers, 0) AS transfers,
  CASE WHEN s.escalated OR h.raised THEN true
       WHEN r.source_system IS NOT NULL OR (x.known AND coalesce(h.transfers = h.tiers_known, true)) THEN false END AS escalated,
  s.finished, s.reopens, s.replies, s.waited,
  CASE WHEN i.outcome IS NOT NULL THEN g.outcome IS NOT NULL END AS resolved,
  s.score, i.value, d.cost, CASE WHEN d.cost IS NOT NULL THEN d.complete END AS cost_complete,
  CASE WHEN o.interaction_id IS NULL THEN NULL WHEN n.after_us <= 86400000000 THEN true
       WHEN o.ended_us + 86400000000 <= l.us THEN false END AS recontact_1d,
  CASE WHEN o.interaction_id IS NULL THEN NULL WHEN n.after_us <= 604800000000 THEN true
       WHEN o.ended_us + 604800000000 <= l.us THEN false END AS recontact_7d,
  CASE WHEN o.interaction_id IS NULL THEN NULL WHEN n.after_us <= 1209600000000 THEN true
       WHEN o.ended_us + 1209600000000 <= l.us THEN false END AS recontact_14d,
  CASE WHEN o.interaction_id IS NULL THEN NULL WHEN n.after_us <= 2592000000000 THEN true
       WHEN o.ended_us + 2592000000000 <= l.us THEN false END AS recontact_30d,
  CASE WHEN o.interaction_id IS NOT NULL THEN coalesce(c.repeats_caused, 0) END AS repeats_caused
FROM interactions i
JOIN summed s ON s.interaction_id = i.interaction_id
LEFT JOIN answered a ON a.interaction_id = i.interaction_id
LEFT JOIN begun b ON b.interaction_id = i.interaction_id
LEFT JOIN handed h ON h.interaction_id = i.interaction_id
LEFT JOIN escalating r ON r.source_system = i.source_system
LEFT JOIN spanning p ON p.source_system = i.source_system
LEFT JOIN good g ON g.outcome = lower(i.outcome)
LEFT JOIN own o ON o.interaction_id = i.interaction_id
LEFT JOIN charged c ON c.interaction_id = i.interaction_id
LEFT JOIN next n ON n.interaction_id = i.interaction_id
LEFT JOIN handling d ON d.interaction_id = i.interaction_id
CROSS JOIN tiered x
CROSS JOIN log_end l
WHERE s.has_human OR s.has_bot OR s.queued OR s.abandoned
