"""Fitness and precision of a net over variants, by pm4py's token-based replay, until the time is over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from miner.models.net import Net
from miner.models.quality import Fitness, Precision

Variants = list[tuple[tuple[int, ...], int]]
_BATCH = 200


def fitness(net: Net, variants: Variants, seconds: float) -> Fitness:
    """Log fitness (0 to 1), the share of journeys that fit perfectly, and how many journeys were replayed.

    ½(1 − missing/consumed) + ½(1 − remaining/produced), tokens summed over all journeys.
    """
    missing = consumed = remaining = produced = fitting = journeys = 0
    for (_, n), result in _replay(net, variants, seconds, {}):
        missing += n * result["missing_tokens"]
        consumed += n * result["consumed_tokens"]
        remaining += n * result["remaining_tokens"]
        produced += n * result["produced_tokens"]
        fitting += n * bool(result["trace_is_fit"])
        journeys += n
    if not journeys:
        return {"fitness": None, "fitting": None, "fitness_journeys": 0}
    value = 0.5 * (1 - missing / consumed) + 0.5 * (1 - remaining / produced)
    return {"fitness": round(value, 4), "fitting": round(fitting / journeys, 4), "fitness_journeys": journeys}


def precision(net: Net, variants: Variants, seconds: float) -> Precision:
    """ETC precision (Muñoz-Gama & Carmona 2010), 0 to 1: how little the net allows beyond what is seen."""
    from pm4py.algo.conformance.tokenreplay.variants.token_replay import Parameters
    from pm4py.objects.petri_net.utils.align_utils import get_visible_transitions_eventually_enabled_by_marking

    seen, weights = prefixes(variants)
    places, start, _ = to_pm4py(net)
    opening = {t.label for t in get_visible_transitions_eventually_enabled_by_marking(places, start)}
    allowed = weights[()] * len(opening)
    escaping = weights[()] * len(opening - {str(a) for a in seen[()]})
    settings = {
        Parameters.CONSIDER_REMAINING_IN_FITNESS: False,
        Parameters.TRY_TO_REACH_FINAL_MARKING_THROUGH_HIDDEN: False,
        Parameters.STOP_IMMEDIATELY_UNFIT: True,
        Parameters.WALK_THROUGH_HIDDEN_TRANS: True,
    }
    wanted = sorted(((p, weights[p]) for p in seen if p), key=lambda item: (-item[1], len(item[0]), item[0]))
    measured = 0
    for (prefix, n), result in _replay(net, wanted, seconds, settings):
        measured += 1
        if result["trace_is_fit"]:
            enabled = {t.label for t in result["enabled_transitions_in_marking"] if t.label is not None}
            allowed += n * len(enabled)
            escaping += n * len(enabled - {str(a) for a in seen[prefix]})
    value = round(1 - escaping / allowed, 4) if allowed else None
    return {"precision": value, "precision_prefixes": measured, "prefixes": len(wanted)}


def graph_precision(edges: Sequence[tuple[int, int]], starts: Sequence[int], variants: Variants) -> float | None:
    """The same precision of a directly-follows graph read as a model: what it allows after a prefix are the
    followers of the prefix' last activity."""
    followers: dict[int | None, set[int]] = {None: set(starts)}
    for a, b in edges:
        followers.setdefault(a, set()).add(b)
    seen, weights = prefixes(variants)
    allowed = escaping = 0
    for prefix, after in seen.items():
        enabled = followers.get(prefix[-1] if prefix else None, set())
        allowed += weights[prefix] * len(enabled)
        escaping += weights[prefix] * len(enabled - after)
    return round(1 - escaping / allowed, 4) if allowed else None


def prefixes(variants: Variants) -> tuple[dict[tuple[int, ...], set[int]], Counter[tuple[int, ...]]]:
    """Every proper prefix of the variants: what is seen to follow it, and in how many journeys it occurs."""
    seen: dict[tuple[int, ...], set[int]] = {(): set()}
    weights: Counter[tuple[int, ...]] = Counter()
    for steps, n in variants:
        for length, step in enumerate(steps):
            seen.setdefault(steps[:length], set()).add(step)
            weights[steps[:length]] += n
    return seen, weights


def to_pm4py(net: Net) -> tuple[Any, Any, Any]:
    """The net as pm4py's, with its initial and final marking; labels are the activities' numbers."""
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

    made = PetriNet("model")
    places = [PetriNet.Place(f"p{i}") for i in range(net.places)]
    made.places.update(places)
    for i, step in enumerate(net.transitions):
        transition = PetriNet.Transition(f"t{i}", None if step.activity is None else str(step.activity))
        made.transitions.add(transition)
        for place in step.before:
            add_arc_from_to(places[place], transition, made)
        for place in step.after:
            add_arc_from_to(transition, places[place], made)
    return made, Marking({places[net.source]: 1}), Marking({places[net.sink]: 1})


def _replay(
    net: Net, variants: Variants, seconds: float, settings: dict[Any, Any]
) -> Iterator[tuple[tuple[tuple[int, ...], int], dict[str, Any]]]:
    """Each variant with pm4py's result for it, a batch at a time, as long as there is time."""
    from pm4py.algo.conformance.tokenreplay.variants import token_replay
    from pm4py.objects.log.obj import Event, EventLog, Trace

    end = time.monotonic() + seconds
    made, start, final = to_pm4py(net)
    settings = {**settings, token_replay.Parameters.SHOW_PROGRESS_BAR: False}
    for first in range(0, len(variants), _BATCH):
        if time.monotonic() > end:
            return
        batch = variants[first : first + _BATCH]
        log = EventLog([Trace([Event({"concept:name": str(a)}) for a in steps]) for steps, _ in batch])
        results = token_replay.apply(log, made, start, final, parameters=settings)
        yield from zip(batch, results, strict=True)
