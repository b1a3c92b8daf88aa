"""The contact-centre measures: each with its layer, unit and definition, and what they are split by.

Definitions: Contact-centre measures.
"""

from __future__ import annotations

from dataclasses import dataclass

_BOT = "first_actor = 'bot'"
_DAYS = (1, 7, 14, 30)
LEAST_PRICED = 30  # as in measured_conversations
BY = (
    "all",
    "channel",
    "intent",
    "team",
    "first_actor",
    "customer_type",
    "region",
    "region, channel",
    "channel, customer_type",
    "region, customer_type",
    "language",
)
# What systems write for a customer who is content, and for a tone.
_GOOD_WORDS = (
    "good",
    "good_with_comment",
    "goodwithcomment",
    "great",
    "amazing",
    "satisfied",
    "very satisfied",
    "like",
    "positive",
    "very positive",
    "very_positive",
    "pos",
    "happy",
)


@dataclass(frozen=True)
class Measure:
    """A measure: `of` is SQL that is true, false or null (a share), a number or null (a mean) for each conversation."""

    name: str
    title: str
    layer: str
    unit: str
    definition: str
    of: str
    scale: str = ""  # a column: a group in which it has several values has several scales, and no mean


def _days(n: int) -> str:
    return "1 day" if n == 1 else f"{n} days"


def _fcr(days: int) -> Measure:
    return Measure(
        f"fcr_{days}d",
        f"First-contact resolution, {_days(days)}",
        "tactical",
        "share",
        f"resolved, and no contact of the same customer with the same intent within {_days(days)}; of the "
        "conversations where both are known, as in resolution and recontact",
        f"CASE WHEN resolved IS NOT NULL AND recontact_{days}d IS NOT NULL THEN resolved AND NOT recontact_{days}d END",
    )


MEASURES = (
    Measure(
        "abandonment",
        "Abandonment",
        "operational",
        "share",
        "gave up in a queue, of those that entered one; callbacks left out",
        "CASE WHEN queued THEN abandoned END",
    ),
    Measure(
        "asa",
        "Average speed of answer",
        "operational",
        "s",
        "from entering the queue to the first act of a person; answered contacts only",
        "answer_wait_s",
    ),
    Measure(
        "aht_people",
        "Average handling time, people",
        "operational",
        "s",
        "talk, hold and wrap-up of people in one conversation, where the system records spans",
        "CASE WHEN has_human THEN human_handle_s END",
    ),
    Measure(
        "aht_ai",
        "Average handling time, bots",
        "operational",
        "s",
        "spans of bots in one conversation, where the system records them",
        "CASE WHEN has_bot THEN bot_handle_s END",
    ),
    Measure(
        "transfer_rate",
        "Transfer rate",
        "operational",
        "share",
        "handed over at least once within the conversation, of those handled",
        "CASE WHEN handled THEN transfers > 0 END",
    ),
    Measure(
        "escalation",
        "Escalation",
        "operational",
        "share",
        "escalated, of those handled: as the system "
        "records it, or handed to a team of a higher tier where tiers are given (--tiers)",
        "CASE WHEN handled THEN escalated END",
    ),
    Measure(
        "reopen_rate",
        "Re-opened",
        "operational",
        "share",
        "re-opened at least once, of those resolved or closed",
        "CASE WHEN finished THEN reopens > 0 END",
    ),
    Measure(
        "one_touch",
        "One-touch",
        "operational",
        "share",
        "resolved or closed with a reply, never waiting and "
        "never re-opened, of those resolved or closed; where messages are recorded",
        "CASE WHEN finished AND replies IS NOT NULL "
        "THEN replies >= 1 AND reopens = 0 AND NOT coalesce(waited, false) END",
    ),
    Measure(
        "containment",
        "Containment",
        "tactical",
        "share",
        "bot sessions that no person joined, of all bot sessions",
        f"CASE WHEN {_BOT} THEN NOT has_human END",
    ),
    Measure(
        "verified_containment",
        "Verified containment",
        "tactical",
        "share",
        "contained, and no contact of the "
        "same customer with the same intent within 7 days on any channel; of bot sessions where that is known",
        f"CASE WHEN {_BOT} AND recontact_7d IS NOT NULL THEN NOT has_human AND NOT recontact_7d END",
    ),
    Measure(
        "false_containment",
        "False containment",
        "tactical",
        "share",
        "contained bot sessions whose customer came back with the same intent within 7 days, of those contained",
        f"CASE WHEN {_BOT} AND NOT has_human THEN recontact_7d END",
    ),
    *(_fcr(days) for days in _DAYS),
    *(
        Measure(
            f"recontact_{days}d",
            f"Recontact, {_days(days)}",
            "tactical",
            "share",
            "the same customer came back "
            f"with the same intent within {_days(days)}; of contacts followed by that much log",
            f"recontact_{days}d",
        )
        for days in _DAYS
    ),
    Measure(
        "repeats_caused",
        "Repeat contacts caused",
        "tactical",
        "contacts",
        "contacts of the same customer with "
        "the same intent within 7 days, charged to the latest one that ended before; per contact",
        "repeats_caused",
    ),
    Measure(
        "score",
        "Customer score",
        "tactical",
        "score",
        "mean of the scores customers gave, on the scale of their system, where all of a group have one scale",
        "score",
        "score_scale",
    ),
    Measure(
        "satisfied",
        "Satisfied",
        "tactical",
        "share",
        "rated good, of those that customers rated in words (good or bad, as in Zendesk)",
        f"CASE WHEN rating IS NOT NULL THEN rating IN {_GOOD_WORDS} END",
    ),
    Measure(
        "sentiment",
        "Sentiment",
        "tactical",
        "score",
        "mean of the tone that the system recorded as a number, the "
        "last of each conversation, on the scale of that system; none across systems",
        "sentiment",
        "CASE WHEN sentiment IS NOT NULL THEN source_system END",
    ),
    Measure(
        "positive_tone",
        "Positive tone",
        "tactical",
        "share",
        "positive, of those whose tone the system recorded in words; the last of each conversation",
        f"CASE WHEN tone IS NOT NULL THEN tone IN {_GOOD_WORDS} END",
    ),
    Measure(
        "cost_per_contact",
        "Cost per contact",
        "tactical",
        "money",
        "handling time of people in one conversation, "
        "of bots and menus where a rate for them is given, at the rates; or the contact's price where the rates "
        "say so; of handled contacts whose cost is known",
        "CASE WHEN handled THEN cost END",
    ),
    Measure(
        "resolution",
        "Resolution",
        "strategic",
        "share",
        "ended with a good outcome: of the finished "
        "conversations of systems that show good and other ends, and of those in journeys of which such a system "
        "shows the end",
        "resolved",
    ),
    Measure(
        "value_missed",
        "Value not kept",
        "strategic",
        "value",
        "the value of a contact that did not end with a "
        "good outcome, 0 of one that did; of contacts with a known value and outcome",
        "CASE WHEN resolved THEN 0 * value WHEN NOT resolved THEN value END",
    ),
    Measure(
        "bot_return",
        "Return of bots",
        "strategic",
        "money",
        "per bot session, the cost of contacts with the "
        f"same intent that a person has first (mean of at least {LEAST_PRICED}), minus the cost of this one; a "
        "session whose customer came back within 7 days saves nothing. Bots get easier work: an upper bound",
        f"CASE WHEN {_BOT} AND cost_complete AND recontact_7d IS NOT NULL "
        "THEN CASE WHEN NOT has_human AND recontact_7d THEN 0 * person_cost ELSE person_cost END - cost END",
    ),
)
VOLUME = Measure(
    "volume", "Contacts", "operational", "contacts", "conversations that somebody handled or that waited in a queue", ""
)
