"""The shape of summary.json: the headline counts of a workspace, what they cost, and the findings."""

from __future__ import annotations

from typing import Any, TypedDict

# The components of the Fragmentation Cost (docs/fragmentation-cost.md).
COMPONENTS = (
    "delay",
    "handoff",
    "rework",
    "information_gap",
    "system_boundary",
    "context_shift",
    "repeat_contact",
    "consequence",
)
TIMED = COMPONENTS[:-1]  # those that are counted in hours


class SavedFinding(TypedDict, total=False):
    """A problem as summary.json has it; `hours` is elapsed time, `group` the number of the problem it belongs to."""

    kind: str
    title: str
    where: dict[str, Any]
    journeys: int
    hours: float | None
    n: int
    share: float | None
    query: str
    params: dict[str, Any]
    examples: list[str]
    money: float | None
    value: float | None
    low: float | None
    high: float | None
    unpriced_hours: float | None
    group: int


class ValueLost(TypedDict):
    """What the journeys of lossy paths lost, in the log's own unit."""

    value: float
    journeys: int


class FragmentationCost(TypedDict, total=False):
    """Hours and money by component; null and a reason where one is not computed."""

    hours: float | None
    money: float | None
    components: dict[str, float]
    hours_without_money: float | None
    not_computed: dict[str, str]
    components_money: dict[str, float]
    money_not_computed: dict[str, str]
    currency: str | None
    assumptions: str | None
    case: str
    value_lost: ValueLost | None
    hours_low: float | None
    hours_high: float | None
    money_low: float | None
    money_high: float | None


class ShareKnown(TypedDict):
    """A share of the `n` handoffs of which it is known; null of none."""

    n: int
    share: float | None


class StepsThatAsk(TypedDict):
    """Handoffs followed by steps that ask again, and these steps, of the `n` handoffs of which it is known."""

    n: int
    handoffs: int | None
    events: int | None


class SetupExcess(TypedDict):
    """How much longer the first step after a handoff takes, in seconds: the median of `n`."""

    n: int
    median: float | None


class Facts(TypedDict):
    """Facts of texts before `n` handoffs, those in no note, and those asked again; each known of its own number."""

    n: int
    before: int
    missing_n: int
    missing_of: int | None
    missing: int | None
    asked_again_n: int
    asked_again: int | None


class Analogy(TypedDict):
    """What `journeys` would keep by ways of handing over, as measured elsewhere."""

    label: str
    source: str
    doi: str
    journeys: int
    kept: dict[str, float]


class InformationLoss(TypedDict):
    """What gets lost at handoffs."""

    handoffs: int
    blind: ShareKnown
    no_note: ShareKnown
    asked_again: StepsThatAsk
    setup_excess_s: SetupExcess
    facts: Facts | None
    analogy: Analogy | None


class Counts(TypedDict, total=False):
    """The headline counts; null where the log cannot tell."""

    events: int
    interactions: int
    contacts: int
    conversations: int
    records: int
    customers_with_contact: int | None
    contacts_without_customer: int
    journeys_without_contact: int
    journeys: int
    customers: int | None
    owner_level: str | None
    handoffs: int | None
    journeys_with_handoff: int | None
    cross_silo_handoffs: int | None
    cross_system_handoffs: int | None
    channel_changes: int | None
    returns: int | None
    journeys_with_return: int | None
    loops_by_order: dict[str, int] | None
    pingpongs: int | None
    bounces: int | None
    journeys_with_pingpong: int | None
    elapsed_s: float
    time_s: dict[str, float]


class Summary(Counts, total=False):
    """summary.json as a whole."""

    by_probability: dict[str, Counts]
    fragmentation_cost: FragmentationCost
    information: InformationLoss
    rejected_rows: int
    findings: list[SavedFinding]
    versions: dict[str, str]
    seconds: dict[str, float]
