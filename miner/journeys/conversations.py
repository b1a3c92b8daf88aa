"""What kind each interaction is, and which of them are one conversation (definitions: Interaction, Conversation)."""

from __future__ import annotations

from miner.events.engine import Engine
from miner.journeys.sets import DisjointSets

# A reference joins interactions of one system; what both of two refer to joins them even where it is not in the export.
_SAME = """
WITH systems AS (SELECT interaction_id, min(source_system) AS system FROM raw_events GROUP BY 1)
SELECT DISTINCT r.interaction_id, r.refers_to FROM raw_references r
JOIN systems a ON a.interaction_id = r.interaction_id
LEFT JOIN systems b ON b.interaction_id = r.refers_to
WHERE r.same AND (b.interaction_id IS NULL OR a.system IS NOT DISTINCT FROM b.system)
ORDER BY ALL
"""
_MADE = """
CREATE OR REPLACE TABLE interaction_conversations AS
WITH starts AS (SELECT interaction_id, min(started_us) AS started_us FROM raw_events GROUP BY 1),
kinds AS (SELECT interaction_id, max(kind) AS kind FROM raw_interactions WHERE kind IS NOT NULL GROUP BY 1),
named AS (
  SELECT t.root, arg_min(t.interaction_id, (s.started_us, t.interaction_id)) AS conversation_id
  FROM together t JOIN starts s ON s.interaction_id = t.interaction_id GROUP BY t.root
)
SELECT s.interaction_id, coalesce(k.kind, 'contact') AS kind,
  CASE WHEN k.kind = 'record' THEN s.interaction_id ELSE coalesce(n.conversation_id, s.interaction_id) END
    AS conversation_id
FROM starts s
LEFT JOIN kinds k ON k.interaction_id = s.interaction_id
LEFT JOIN together t ON t.interaction_id = s.interaction_id
LEFT JOIN named n ON n.root = t.root
"""


def make_conversations(engine: Engine) -> None:
    """Make `interaction_conversations` (interaction_id, kind, conversation_id) of every interaction of raw_events.

    A conversation is called after its first interaction.
    """
    import pyarrow as pa

    engine.create("together", {"interaction_id": "VARCHAR", "root": "VARCHAR"})
    pairs = engine.rows(_SAME)
    names = sorted({name for pair in pairs for name in pair})
    place = {name: i for i, name in enumerate(names)}
    sets = DisjointSets(len(names))
    for one, other in pairs:
        sets.join(place[one], place[other])
    if names:
        roots = [names[sets.root(i)] for i in range(len(names))]
        engine.insert_arrow("together", pa.table({"interaction_id": names, "root": roots}))
    engine.run(_MADE)
    engine.run("DROP TABLE together")
