-- table: competence_strata
-- definition: Conversations of people and bots by aspect and stratum, intent × first or repeated contact (Competence of
--   people and AI). Customers that are software are left out.
-- reads: conversations
-- grain: aspect, first_actor, intent, is_repeat
-- saved: no
-- columns:
--   aspect string: what is compared
--   first_actor string: human or bot, who had it first
--   intent string: the intent; empty if unknown
--   is_repeat bool: a repeated contact
--   n int64: conversations of which the aspect is known
--   mean double: its mean
--   variance double: its variance in the sample; null of one conversation
--
-- Rounded, as the last bits depend on the order of the rows.
WITH known AS (
  SELECT * FROM conversations WHERE first_actor IS NOT NULL AND customer_type <> 'machine'
),
sized AS (
  SELECT
    'verified_resolution' AS aspect, first_actor, intent, is_repeat,
    CAST(CASE WHEN recontact_7d IS NOT NULL AND resolved IS NOT NULL THEN resolved AND NOT recontact_7d END AS DOUBLE) AS size
  FROM known
  UNION ALL
  SELECT 'recontact' AS aspect, first_actor, intent, is_repeat, CAST(recontact_7d AS DOUBLE) AS size FROM known
  UNION ALL
  SELECT
    'escalation' AS aspect, first_actor, intent, is_repeat,
    CAST(CASE WHEN first_actor = 'bot' THEN has_human ELSE transfers > 0 OR coalesce(escalated, false) END AS DOUBLE) AS size
  FROM known
  UNION ALL
  SELECT
    'handling_time_s' AS aspect, first_actor, intent, is_repeat,
    CASE WHEN first_actor = 'bot' THEN bot_handle_s ELSE human_handle_s END AS size
  FROM known
  UNION ALL
  SELECT 'score' AS aspect, first_actor, intent, is_repeat, score AS size FROM known
)
SELECT
  aspect, first_actor, coalesce(intent, '') AS intent, coalesce(is_repeat, false) AS is_repeat, count(*) AS n,
  round(avg(size), 9) AS mean, round(var_samp(size), 9) AS variance
FROM sized
WHERE size IS NOT NULL
GROUP BY aspect, first_actor, coalesce(intent, ''), coalesce(is_repeat, false)
