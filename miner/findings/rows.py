"""Rows of the tables that findings are made of, by the files in `sql/`; units are in the names."""

from __future__ import annotations

from typing import TypedDict, final


class LoopOfTwo(TypedDict):
    """Two teams that send journeys back and forth."""

    team_a: str
    team_b: str
    journeys: int
    bounces: int
    own_wait_s_total: float


class LongerLoop(TypedDict):
    """A loop through two other teams or more."""

    path: list[str]
    loop_order: int
    journeys: int
    returns: int
    own_wait_s_total: float


class Queue(TypedDict):
    """A team, or a queue, that journeys wait for."""

    team: str
    kind: str
    waits: int
    journeys: int
    queued: int
    gave_up: int
    gave_up_share: float | None
    wait_s_total: float
    handed_s_total: float
    routing_s_total: float
    queue_s_total: float
    gave_up_s_total: float
    wait_s_median: float
    wait_s_p95: float
    queued_s_median: float | None
    queued_s_p95: float | None
    share: float | None
    mean_waiting: float | None


class QueueHour(TypedDict):
    """An hour of the week of a queue: what waits that began in it last, and what is waited in it."""

    weekday: int
    hour: int
    began_s_total: float
    waiting_s_total: float


class PaidWaits(TypedDict):
    """What the handoffs to a team cost."""

    team: str
    money: float
    unpriced_s: float


class Step(TypedDict):
    """An activity directly followed by another."""

    from_activity: str
    to_activity: str
    count: int
    median_s: float
    p95_s: float
    own_wait_s_total: float
    share: float | None


class Example(TypedDict):
    """A journey to look at."""

    journey: str


class StepExample(Example):
    """A journey with a step, and how many have it."""

    journeys: int


class SiloPath(TypedDict):
    """A path across silos that takes longer than journeys of the same intents inside one."""

    path: list[str]
    journeys: int
    compared: int
    own_wait_s_total: float
    extra_s_total: float
    extra_corrected_s: float
    extra_low_s: float
    extra_high_s: float
    good_share: float | None


class LossyPath(TypedDict):
    """A row of the table value_lost: a path on which journeys end worse; `rank` is null where that may be chance.

    `place_*` are of the channel or intent on which alone the loss lies, all null where there is none.
    """

    rank: int | None
    path: list[str]
    journeys: int
    good: int
    expected_good: float
    value_corrected: float | None
    low: float | None
    high: float | None
    outcomes_corrected: float
    outcomes_low: float
    outcomes_high: float
    delay_removed_h: float | None
    place_by: str | None
    place_value: str
    place_journeys: int
    place_good: float
    place_expected: float
    place_elsewhere: int
    place_elsewhere_good: float
    place_elsewhere_expected: float
    rivals: list[list[str]]
    set_aside: list[list[str]]
    examples: list[str]


class Containment(TypedDict):
    """Conversations of an intent on a channel that a bot had first; `back`: the customer came back within a week."""

    intent: str | None
    channel: str | None
    sessions: int
    known: int
    back: int


class MachineCustomer(TypedDict):
    """A customer whose contacts are made by software."""

    customer: str
    sure: float | None
    contacts: int
    journeys: int
    handled_by_people: int
    journey: str


class MachineIntent(TypedDict):
    """What software asks for."""

    intent: str | None
    journeys: int


@final
class GapOfSilos(TypedDict):
    """Handoffs between two silos after which known information is asked again, in `pairs` of their teams."""

    from_silo: str
    to_silo: str
    pairs: int
    handoffs: int
    journeys: int
    asked_s: float
    examples: list[str]


@final
class Gap(TypedDict):
    """The same between two teams; their silos are null where unknown."""

    from_team: str
    to_team: str
    from_silo: str | None
    to_silo: str | None
    handoffs: int
    journeys: int
    asked_s: float
    examples: list[str]
