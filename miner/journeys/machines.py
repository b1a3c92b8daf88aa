"""Who is human and who is software: by what is declared, by cadence, by always the same words; else unknown.

Looked at are the contacts of one customer through one channel of one system: software that asks where a
parcel is does not make its owner a machine in the shop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from miner.events.engine import Engine
from miner.journeys.cadence import BY_HAND_US, PUNCTUAL_US, SURE, cadence

FEWEST = 8  # contacts from which a cadence can be told
STEADY = 0.5  # share of gaps that are one length
DOUBT = 1e-6  # what remains however steady a beat is: how persons keep time is an assumption
VERY_STEADY, MANY = 0.8, 12  # with pauses of whole beats: enough where nobody's words are known
ALIKE, VARIED, FEW_WORDS = 0.9, 0.8, 3  # share of the same first words; of different ones
_SOFTWARE = re.compile(
    r"\b(agent|assistant|assist|automation|bot|crawler|curl|go-http|gpt|headless\w*|httpx?|okhttp|playwright|"
    r"puppeteer|python|robot|script|selenium|spider)\b",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"^Mozilla/", re.IGNORECASE)
_IN_BROWSER = re.compile(r"bot\b|crawler|spider|headless|selenium|puppeteer|playwright", re.IGNORECASE)
# Times in whole minutes or days are as regular as their clock; cadence is read only from finer ones.
_CONTACTS = """
WITH starts AS (
  SELECT interaction_id, min(started_us) AS started_us, any_value(source_system) AS system,
    any_value(channel) AS channel,
    arg_min(customer, (started_us, line)) FILTER (WHERE customer IS NOT NULL) AS customer
  FROM raw_events GROUP BY interaction_id
),
told AS (
  SELECT interaction_id, max(customer) AS customer, max(channel) AS channel,
    max(nullif(customer_type, 'unknown')) AS type,
    max(json_extract_string(identity, '$.user_agent')) AS user_agent,
    max(json_extract_string(identity, '$.opening')) AS opening
  FROM raw_interactions GROUP BY interaction_id
),
opened AS (SELECT interaction_id, min(mark) AS mark FROM raw_openings GROUP BY interaction_id),
fine AS (SELECT system, count(DISTINCT (started_us // 1000000) % 60) >= 10 AS is_fine FROM starts GROUP BY system),
contacts AS (
  SELECT s.interaction_id, s.started_us, s.system, coalesce(t.channel, s.channel) AS channel, f.is_fine,
    CASE WHEN p.interaction_id IS NULL THEN k.key ELSE p.customer END AS customer,
    t.type, t.user_agent, coalesce(t.opening, o.mark) AS opening
  FROM starts s LEFT JOIN told t USING (interaction_id) LEFT JOIN opened o USING (interaction_id)
  LEFT JOIN fine f ON f.system IS NOT DISTINCT FROM s.system
  LEFT JOIN customer_keys k ON k.raw = coalesce(t.customer, s.customer) LEFT JOIN persons p USING (interaction_id)
)
SELECT customer, system, channel, interaction_id, started_us, type, user_agent, opening, is_fine FROM contacts
WHERE user_agent IS NOT NULL OR type IS NOT NULL
  OR (customer, coalesce(system, ''), coalesce(channel, '')) IN (
    SELECT (customer, coalesce(system, ''), coalesce(channel, '')) FROM contacts WHERE customer IS NOT NULL
    GROUP BY ALL HAVING count(*) >= 3)
ORDER BY customer NULLS FIRST, system NULLS FIRST, channel NULLS FIRST, started_us, interaction_id
"""


class Contact(NamedTuple):
    """One contact as the query gives it."""

    customer: str | None
    system: str | None
    channel: str | None
    interaction: str
    started_us: int
    type: str | None
    user_agent: str | None
    opening: str | None
    is_fine: bool


def is_software(user_agent: str) -> bool:
    """Whether a user agent says that it is no person's browser or phone."""
    return bool((_IN_BROWSER if _BROWSER.match(user_agent) else _SOFTWARE).search(user_agent))


def kind_of(contacts: list[Contact]) -> tuple[str | None, float | None]:
    """machine or human, where the contacts of one customer on one channel tell, and how sure a machine is.

    What is declared is not asked here.
    """
    words = Counter(contact.opening for contact in contacts if contact.opening)
    told = sum(words.values())
    if contacts[0].is_fine and len(contacts) >= FEWEST:
        beat = cadence([contact.started_us for contact in contacts], BY_HAND_US if told else PUNCTUAL_US)
        if beat and beat.share >= STEADY and beat.p <= SURE:
            alike = told >= FEWEST // 2 and words.most_common(1)[0][1] >= ALIKE * told
            alone = not told and beat.multiples >= VERY_STEADY and len(contacts) >= MANY
            return ("machine", 1 - max(beat.p, DOUBT)) if alike or alone else (None, None)
    return ("human" if told >= FEW_WORDS and len(words) >= VARIED * told else None), None


def tell_machines(engine: Engine) -> None:
    """Write human or machine into raw_interactions.customer_type, where that is known."""
    engine.run("UPDATE raw_interactions SET customer_type = 'unknown' WHERE customer_type NOT IN ('human', 'machine')")
    found = list(_told(list(map(Contact._make, engine.rows(_CONTACTS)))))
    if not found:
        return
    import pyarrow as pa

    contacts, kinds, sure = zip(*found, strict=True)
    columns = {
        "interaction_id": pa.array(contacts, pa.string()),
        "customer_type": pa.array(kinds, pa.string()),
        "customer_type_sure": pa.array(sure, pa.float64()),
    }
    engine.insert_arrow("raw_interactions", pa.table(columns))  # a further row; the measures take what is known


def _told(contacts: list[Contact]) -> Iterator[tuple[str, str, float | None]]:
    """(contact, machine or human, how sure): 1 where it is said, below where the cadence tells."""
    for (customer, *_), group in groupby(contacts, key=lambda c: (c.customer, c.system, c.channel)):
        own = list(group)
        kind, sure = kind_of(own) if customer is not None else (None, None)
        for contact in own:
            says = contact.user_agent is not None and is_software(contact.user_agent)
            if contact.type:
                yield contact.interaction, contact.type, 1.0
            elif says:
                yield contact.interaction, "machine", 1.0
            elif kind:
                yield contact.interaction, kind, sure
