"""The graph's schema, declared once: loaders, constraints, docs and linter all read it here.

Sources name the workspace's tables (docs/workspace.md); see `parts` for what a declaration is made of.
"""

from __future__ import annotations

from miner.graph import run_options, sources
from miner.graph.parts import LEVELS, Node, Property, Relationship, milliseconds, properties

__all__ = ["LEVELS", "NODES", "PARTS", "RELATIONSHIPS", "Node", "Property", "Relationship", "declared", "level_of"]

_STARTED = f"started_ms | integer | {milliseconds('started_at')} | first start, ms since 1970 in UTC"
_ENDED = f"ended_ms | integer | {milliseconds('ended_at')} | latest end, ms since 1970 in UTC"
_PAIR = """
handoffs | integer | = | number of handoffs
journeys | integer | = | journeys with at least one of them
wait_s_total | float | = | sum of their own waits, seconds; what the next two say is no part of them
wait_s_median | float | = | median of the same (nearest rank)
wait_s_p95 | float | = | 95th percentile of the same (nearest rank)
customer_wait_s_total | float | = | the customer's time in between, seconds
between_s_total | float | = | time between contacts in between, seconds
returns | integer | = | those that bring a journey back to a team that had it before
cost_s_total | float | = | Fragmentation Cost after these handoffs, all components, seconds; null where not computed
delay_cost_s_total | float | = | the delay component of it, seconds; null likewise
money_total | float | = | what it costs at the rates given, value lost apart; null without rates
unpriced_s_total | float | = | seconds of the cost that have no rate, so that money leaves them out
"""

NODES: tuple[Node, ...] = (
    Node(
        "Silo",
        "teams",
        "A department.",
        "silo",
        sources.SILOS,
        properties("""
        visits | integer | = | visits of its teams
        journeys | integer | visit_journeys | journeys with at least one of them
        teams | integer | = | teams seen in it
    """),
    ),
    Node(
        "Team",
        "teams",
        "An owner: a team, a bot, or the agent where a log has no teams.",
        "owner",
        sources.TEAMS,
        properties("""
        visits | integer | = | its visits
        journeys | integer | visit_journeys | journeys with at least one of them
        events | integer | = | its own events
        handoffs_in | integer | = | handoffs to it
        handoffs_out | integer | = | handoffs from it
        returns_in | integer | = | handoffs that bring a journey back to it
        wait_s_total | float | = | sum of the own waits of the handoffs to it, seconds
        wait_s_median | float | = | median of the same (nearest rank); null without any
        wait_s_p95 | float | = | 95th percentile of the same (nearest rank)
        customer_wait_s_total | float | = | the customer's time in between, seconds
        between_s_total | float | = | time between contacts in between, seconds
        betweenness | float | = | share of shortest paths between others that lead through it; null until measured
        pagerank | float | = | where a journey handed over forever would be found, 0 to 1; null until measured
        community | integer | = | teams that hand over among themselves, 0 the largest; null until measured
        articulation | boolean | = | without it, connected teams would be disconnected; null until measured
        cuts_off | integer | = | number of teams connected to the rest only through it; null until measured
    """),
    ),
    Node(
        "Queue",
        "teams",
        "What journeys wait for: a team, or the queue if owners are people or nobody picked it up.",
        "team",
        "queues",
        properties("""
        kind | string | = | what journeys wait for: team, queue or person
        waits | integer | = | its waits: one per visit, and one per abandoned contact
        journeys | integer | = | journeys with at least one of them
        handed_over | integer | = | waits after a handoff
        queued | integer | = | waits that went through a queue
        gave_up | integer | = | waits that ended with the customer giving up
        gave_up_share | float | = | share of the queued ones, 0 to 1; null without any
        wait_s_total | float | wait_s | waiting for us, seconds: the sum of the next three; without the customer's time
        handed_s_total | float | handed_s | of this, gaps after a handoff, seconds
        routing_s_total | float | routing_s | of this, gaps before the first owner, seconds
        queue_s_total | float | queue_s | of this, spans in a queue, seconds
        gave_up_s_total | float | gave_up_s | of this, time until the customer gave up, seconds
        wait_s_median | float | median_s | median wait, including zeros, seconds (nearest rank)
        wait_s_p95 | float | p95_s | 95th percentile of the same, seconds (nearest rank)
        queued_s_median | float | queued_median_s | median of the waits that went through a queue; null without any
        queued_s_p95 | float | queued_p95_s | 95th percentile of the same, seconds (nearest rank)
        share | float | = | share of all such waiting in the log, 0 to 1
        arrivals_per_h | float | = | waits per calendar hour of the log
        mean_waiting | float | waiting_little | mean number waiting, by Little's law
    """),
    ),
    Node(
        "QueueHour",
        "teams",
        "An hour of the week of a queue, in the time zone of its team's calendar or of the run.",
        "hour_id",
        sources.QUEUE_HOURS,
        properties("""
        team | string | = | the id of its queue
        weekday | integer | = | 1 is Monday
        hour | integer | = | 0 to 23
        arrivals | integer | = | waits that begin in it
        began_s_total | float | wait_s | duration of these, seconds
        waiting_s_total | float | waiting_s | seconds of waiting within it, whenever the wait began
        taken_up | integer | = | visits that begin in it
    """),
    ),
    Node(
        "Activity",
        "teams",
        "A kind of event.",
        "activity",
        sources.ACTIVITIES,
        properties("""
        events | integer | = | how often it happened
    """),
    ),
    Node(
        "Customer",
        "visits",
        "The customer of a journey, if known.",
        "customer",
        "(SELECT DISTINCT customer FROM journeys WHERE customer IS NOT NULL)",
    ),
    Node(
        "Journey",
        "visits",
        "The interactions of one customer about one issue.",
        "journey_id",
        sources.JOURNEYS,
        properties(f"""
        intent | string | = | what it is about
        {_STARTED}
        {_ENDED}
        elapsed_s | float | (epoch_us(ended_at) - epoch_us(started_at)) / 1e6 | from first start to latest end, seconds
        events | integer | = | number of events
        interactions | integer | = | number of interactions
        handoffs | integer | = | number of handoffs
        returns | integer | = | number of returns
        silo_path | strings | = | its silos in order, equal neighbours collapsed
        outcome | string | = | the last known outcome
        counted_outcome | string | = | the last that a system gives which shows good and other ends: shares count these
        value | float | = | the last known value
        cost_s | float | = | Fragmentation Cost, all components counted in time, seconds; null where not computed
        money | float | = | what it costs at the rates given, value lost apart; null without rates
        unpriced_s | float | = | seconds of cost_s that have no rate, so that money leaves them out
        probability | float | = | the least certain of its links
    """),
    ),
    Node(
        "SiloPath",
        "visits",
        "2 to 4 silos that some journey went through consecutively.",
        "path_id",
        sources.SILO_PATHS,
        properties("""
        path | strings | = | the silos in order
        journeys | integer | = | journeys that took it, whatever came before or after
        elapsed_s_total | float | = | sum of their elapsed times, seconds
        elapsed_s_median | float | = | median of the same, seconds (nearest rank)
        elapsed_s_p95 | float | = | 95th percentile of the same, seconds (nearest rank)
        own_wait_s_total | float | = | sum of the own waits of the handoffs between its silos, seconds
        compared | integer | = | of its journeys, those whose intent has enough inside one silo; null under 30 journeys
        extra_s_total | float | = | their time with us above n × mean of the same intents inside one silo, seconds
        extra_corrected_s | float | = | the same less what picking the largest adds to it, seconds
        extra_low_s | float | = | lower end of its 95 % interval, for all paths at once, seconds
        extra_high_s | float | = | upper end of it, seconds
        is_longer | boolean | = | it takes longer beyond chance; null where it was not compared
        lost_corrected | float | = | value lost, less what picking the path adds; null where not found beyond chance
        lost_low | float | = | lower end of its 95 % interval, for all paths at once
        lost_high | float | = | upper end of it
    """),
    ),
    Node(
        "Interaction",
        "visits",
        "One contact or ticket in one system.",
        "interaction_id",
        sources.INTERACTIONS,
        properties(f"""
        system | string | source_system | source system
        kind | string | = | contact (somebody wanted something) or record (the life of a business object)
        conversation | string | conversation_id | first interaction of the same call or thread, itself if alone
        channel | string | = | first known channel
        customer_type | string | = | human, machine or unknown
        customer_type_sure | float | = | 1 where it is said, below where a cadence tells; null where nothing does
        intent | string | = | what it is about
        is_repeat | boolean | = | follows an earlier interaction of the same customer and intent
        {_STARTED}
        {_ENDED}
        outcome | string | = | the last known outcome
        value | float | = | the last known value
        contact_until_ms | integer | {milliseconds("contact_until_at")} | end of its contact time; null of records
        first_actor | string | = | who had the conversation first: human or bot; null where nobody owned it
        has_human | boolean | = | a person took part in it; null where nobody owned it and it waited in no queue
        resolved | boolean | = | it ended with a good outcome; null where no end is known or its system shows one only
        recontact_7d | boolean | = | the customer came back with the same intent within 7 days; null if unknown
    """),
    ),
    Node(
        "Visit",
        "visits",
        "A maximal run of a journey's events with the same owner.",
        "visit_id",
        sources.VISITS,
        properties(f"""
        journey | string | journey_id | the journey's id, as at the end of IN_JOURNEY
        position | integer | = | place in the journey, from 0
        team | string | owner | the owner's id, as at the end of BY
        silo | string | = | the owner's silo in this visit
        arrived_ms | integer | {milliseconds("arrived_at")} | earliest start of its own events, ms since 1970 in UTC
        left_ms | integer | {milliseconds("left_at")} | latest end of its own events, ms since 1970 in UTC
        channel | string | = | channel of its first event
        last_channel | string | = | channel of its last event
        system | string | source_system | source system of its first event
        last_system | string | = | source system of its last event
        events | integer | = | its own events
        is_return | boolean | = | the owner had this journey before
    """),
    ),
    Node(
        "Event",
        "events",
        "One recorded step.",
        "event_id",
        "events",
        properties(f"""
        seq | integer | = | place in the journey, from 0
        activity | string | = | what was done
        {_STARTED.replace("first start", "start")}
        {_ENDED.replace("latest end", "end; equal to the start for a point")}
        channel | string | = | channel
        system | string | source_system | source system
        actor_type | string | = | agent, bot, customer, system, rule, ivr, …
    """),
    ),
    Node(
        "Agent",
        "teams",
        "A person or bot that acted; loaded on request.",
        "agent",
        "(SELECT agent, count(*) AS events FROM events WHERE agent IS NOT NULL GROUP BY agent)",
        properties("""
        events | integer | = | events of this agent
    """),
        optional=True,
    ),
    Node(
        "Run",
        "teams",
        "The settings of the run, one node: queries take their defaults from it.",
        "'run'",
        run_options.TABLE,
        properties("""
        good | strings | = | outcomes that count as good, in lower case
        settling | strings | = | activities that settle an issue, in lower case; null if none were given
        tz | string | = | time zone of weekdays and hours; null for UTC
        journeys_by | string | journeys | how journeys were made: case or linked
        window | float | window_days | days within which a contact with the same intent belongs to the same journey
        min_probability | float | = | least probability of a link that was taken
        tiers | strings | = | support tiers of teams as TEAM=TIER
    """),
    ),
)

RELATIONSHIPS: tuple[Relationship, ...] = (
    Relationship(
        "IN_SILO",
        "Team",
        "Silo",
        "teams",
        "The silo a team was seen in.",
        "owner",
        "silo",
        "(SELECT owner, silo, count(*) AS visits FROM visits WHERE silo IS NOT NULL GROUP BY owner, silo)",
        properties("visits | integer | = | visits of the team in that silo"),
    ),
    Relationship(
        "HANDS_OFF_TO",
        "Team",
        "Team",
        "teams",
        "Totals of all handoffs from one team to another.",
        "from_owner",
        "to_owner",
        sources.TEAM_PAIRS,
        properties(_PAIR),
    ),
    Relationship(
        "HANDS_OFF_TO",
        "Silo",
        "Silo",
        "teams",
        "Totals of all handoffs from one silo to another.",
        "from_silo",
        "to_silo",
        sources.SILO_PAIRS,
        properties(_PAIR),
    ),
    Relationship(
        "DF_C",
        "Activity",
        "Activity",
        "teams",
        "Totals of one activity directly following another.",
        "from_activity",
        "to_activity",
        sources.TRANSITIONS,
        properties("""
        count | integer | = | how often
        total_s | float | = | sum of the gaps, seconds
        median_s | float | = | median gap, seconds (nearest rank)
        p95_s | float | = | 95th percentile of the gaps, seconds (nearest rank)
        own_wait_s_total | float | = | queue and handoff waits on the way, the customer's own left out, seconds
    """),
    ),
    Relationship(
        "BEFORE",
        "Queue",
        "Team",
        "teams",
        "The team that a queue waits for.",
        "team",
        "team",
        "(SELECT team FROM queues WHERE team IN (SELECT owner FROM visits))",
    ),
    Relationship(
        "HOUR_OF",
        "QueueHour",
        "Queue",
        "teams",
        "The queue of an hour of the week.",
        "hour_id",
        "team",
        sources.QUEUE_HOURS,
    ),
    Relationship(
        "HAS",
        "Customer",
        "Journey",
        "visits",
        "A customer's journey.",
        "customer",
        "journey_id",
        "(SELECT customer, journey_id FROM journeys WHERE customer IS NOT NULL)",
    ),
    Relationship(
        "TOOK",
        "Journey",
        "SiloPath",
        "visits",
        "A path across silos that a journey took.",
        "journey_id",
        "path_id",
        sources.TOOK,
    ),
    Relationship(
        "PART_OF",
        "Interaction",
        "Journey",
        "visits",
        "The journey an interaction belongs to.",
        "interaction_id",
        "journey_id",
        "interactions",
    ),
    Relationship(
        "LINKED",
        "Interaction",
        "Interaction",
        "visits",
        "Why two interactions are one journey.",
        "from_interaction",
        "to_interaction",
        "links",
        properties("""
        basis | string | = | reference, customer key, …
        probability | float | = | how certain the link is
    """),
    ),
    Relationship(
        "IN_JOURNEY", "Visit", "Journey", "visits", "The journey of a visit.", "visit_id", "journey_id", "visits"
    ),
    Relationship("BY", "Visit", "Team", "visits", "The owner of a visit.", "visit_id", "owner", "visits"),
    Relationship(
        "HANDOFF",
        "Visit",
        "Visit",
        "visits",
        "From a visit to the next one of the journey.",
        "from_visit",
        "to_visit",
        sources.HANDED,
        properties("""
        wait_s | float | = | from the end of one to the start of the other, seconds; 0 when they overlap
        own_wait_s | float | = | the part of it that waited for us, seconds
        customer_wait_s | float | = | the customer's part of it, seconds
        between_s | float | = | the part of it that lay between contacts, seconds
        overlap_s | float | = | how long the two overlap, seconds
        crosses_silo | boolean | = | the two teams belong to different silos
        crosses_system | boolean | = | the source systems differ
        changes_channel | boolean | = | the channels differ
        kind | string | = | blind, group_reassign, bot_to_human, …
        delay_cost_s | float | = | Fragmentation Cost up to the next handoff: delay, seconds; null where not computed
        handoff_cost_s | float | = | the same: handling time beyond that of journeys without a handoff
        rework_cost_s | float | = | the same: handling time in returns, after re-openings and of repeats
        information_gap_cost_s | float | = | the same: handling time of asking again
        system_boundary_cost_s | float | = | the same: seconds assumed per change of system
        context_shift_cost_s | float | = | the same: seconds set for each change of channel, intent or agent
        repeat_contact_cost_s | float | = | the same: handling time of repeat contacts
        cost_s | float | = | the components added up, seconds; null where none is computed
        money | float | = | what they cost at the rates given, value lost apart; null without rates
        unpriced_s | float | = | seconds of cost_s that have no rate, so that money leaves them out
    """),
    ),
    Relationship(
        "RETURNS_TO",
        "Visit",
        "Visit",
        "visits",
        "From a later visit to the latest earlier one of the same owner.",
        "later_visit",
        "earlier_visit",
        sources.RETURNED,
        properties("""
        hops | integer | = | how many visits later
        order | integer | "order" | distinct owners in between, plus one
        avoidable | boolean | = | nothing in between could justify it; null if the log cannot tell
    """),
    ),
    Relationship(
        "OF", "Event", "Interaction", "events", "The interaction of an event.", "event_id", "interaction_id", "events"
    ),
    Relationship(
        "DF",
        "Event",
        "Event",
        "events",
        "From an event to the next one of the journey.",
        "previous_event",
        "event_id",
        sources.FOLLOWED,
        properties("""
        gap_s | float | = | from the latest end so far to the start, at least 0, seconds
        own_wait_s | float | = | queue and handoff wait on the way, the customer's own left out, seconds
    """),
    ),
    Relationship(
        "IN_VISIT",
        "Event",
        "Visit",
        "events",
        "The visit an owned event belongs to.",
        "event_id",
        "visit_id",
        sources.VISITED,
    ),
    Relationship(
        "DONE_BY",
        "Event",
        "Agent",
        "events",
        "Who did it.",
        "event_id",
        "agent",
        "(SELECT event_id, agent FROM events WHERE agent IS NOT NULL)",
        optional=True,
    ),
    Relationship(
        "MEMBER_OF",
        "Agent",
        "Team",
        "teams",
        "A team an agent was seen in.",
        "agent",
        "owner",
        "(SELECT DISTINCT agent, owner FROM events WHERE owned AND agent IS NOT NULL)",
        optional=True,
    ),
)


PARTS: tuple[Node | Relationship, ...] = (*NODES, *RELATIONSHIPS)


def declared(level: str = "events", agents: bool = False) -> list[Node | Relationship]:
    """The declarations of a level of detail, nodes first; agents only when asked for."""
    kept = LEVELS[: LEVELS.index(level) + 1]
    return [part for part in PARTS if part.level in kept and (agents or not part.optional)]


def level_of(names: set[str]) -> str:
    """The least level of detail that holds these labels and relationship types."""
    found = {part.level for part in PARTS if part.word in names}
    return max(found, key=LEVELS.index, default="teams")
