"""How the tables that are no more are read from the saved ones: what the sources gave, and what was made of it."""

from __future__ import annotations

# {name} stands for a saved table with the engine's integers beside the seconds and timestamps.
RESTORED = {
    "raw": """SELECT
  source, CAST(0 AS INTEGER) AS source_no, line, seq AS sequence, interaction_id, started_us, ended_us, hold_us,
  activity, event_type, channel, source_system, actor_type, actor, agent, team, silo, customer, intent, outcome, value,
  handoff_kind, attributes, CAST(NULL AS BOOLEAN) AS is_resolved, journey_id,
  CASE WHEN owned THEN owner END AS own_owner, row_number() OVER (ORDER BY journey_id, seq) AS event_no
FROM {events}""",
    "raw_interactions": """SELECT
  interaction_id, kind, source_system, channel, customer, customer_type, customer_type_sure, intent, declared
FROM {interactions}""",
    "interaction_conversations": "SELECT interaction_id, kind, conversation_id FROM {interactions}",
    "settled": "SELECT interaction_id, settled_seq, contact_until_us, is_waited_for FROM {interactions}",
    "membership": "SELECT CAST(NULL AS VARCHAR) AS interaction_id, journey_id, probability FROM {journeys}",
    "text_facts": "SELECT journey_id, position, facts_before, facts_missing, facts_asked_again FROM {information}",
}
# Texts are dropped when they are read, and nothing is kept of them but what they tell of handoffs.
LOST = frozenset({"message_order", "message_places", "messages", "message_facts", "referred", "settling_words"})
