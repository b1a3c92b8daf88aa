"""How good a process model is: what `models/quality.json` holds, and the sentence of it that its files carry."""

from __future__ import annotations

from typing import Any, TypedDict

from miner.wording import percent


class Fitness(TypedDict):
    """Log fitness (0 to 1), the share of journeys that fit perfectly, and how many journeys were replayed."""

    fitness: float | None
    fitting: float | None
    fitness_journeys: int


class Precision(TypedDict):
    """Precision (0 to 1), and of how many prefixes of journeys it was measured on how many."""

    precision: float | None
    precision_prefixes: int
    prefixes: int


class ModelQuality(TypedDict):
    """The tree of a model and how well it fits; null is what was not finished in time, `failed` the reason."""

    tree: Any
    failed: str | None
    paths: int | None
    fitness: float | None
    fitting: float | None
    fitness_journeys: int | None
    precision: float | None
    precision_prefixes: int | None
    prefixes: int | None


class GraphQuality(TypedDict):
    """How well the directly-follows graph fits."""

    fitness: float | None
    precision: float | None


class Quality(TypedDict):
    """The log that was mined, what was made of it, and how well that fits."""

    journeys: int
    sampled_journeys: int
    variants_in_sample: int
    activities: int
    activities_in_log: int
    paths: int
    noise: float
    dfg: GraphQuality
    model: ModelQuality
    remark: str
    seconds: float


def remark(quality: Quality) -> str:
    """How good the model is, in a sentence or two for the people who open its file."""
    model = quality["model"]
    if model["tree"] is None:
        reason = "mining took too long" if quality["activities"] else "there are no events"
        return f"No process model: {model['failed'] or reason}."
    left_out = quality["activities_in_log"] - quality["activities"]
    mined = f"Inductive miner on {quality['activities']} activities and {model['paths']} of {quality['paths']} paths"
    sentences = [f"{mined} ({left_out} rarer activities left out)" if left_out else mined]
    if model["fitness"] is None:
        sentences.append(f"Fitness and precision were not measured: {model['failed'] or 'the time limit was reached'}")
    else:
        share = f"{percent(model['fitting'], 1)} of {model['fitness_journeys']:,} sampled journeys fit it exactly"
        sentences.append(f"Fitness {model['fitness']:.2f} ({share}; the log has {quality['journeys']:,})")
        measured = model["precision"] is not None
        sentences.append(f"Precision {model['precision']:.2f}" if measured else "Precision was not measured in time")
    return ". ".join(sentences) + "."
