"""How large what was picked is: the p-value of the largest score, and sizes less what picking adds to them."""

from __future__ import annotations

import math

import numpy as np

from miner.chance.strata import Floats

_GRID, _FAR = 801, 10.0  # true sizes that are looked at, in standard errors around the one counted


def beaten(largest: Floats, score: float) -> float:
    """How often chance has a score as large as this: the share of deals, this log among them."""
    return (1 + int(np.sum(largest >= score - 1e-9))) / (len(largest) + 1)


def quantile(drawn: Floats, share: float) -> float:
    """The smallest drawn value that at least `share` of all do not exceed (nearest rank)."""
    return float(np.sort(drawn)[max(0, math.ceil(share * len(drawn) - 1e-9) - 1)])


def corrected(size: float, error: float, least: float) -> float:
    """The size to expect of something with this `size` that was picked for exceeding `least`.

    The estimate is taken as normal with the standard error `error`; the likelihood is that of a picked one, and its
    mean over all sizes from 0 is told (Ghosh, Zou and Wright 2008). A size far above `least` stays what it is: being
    picked says nothing then.
    """
    if error <= 0 or size <= 0:
        return max(size, 0.0)
    z, cut = size / error, max(least / error, 0.0)
    true = np.linspace(max(0.0, z - _FAR - max(cut - z, 0.0)), z + _FAR, _GRID)
    picked = np.array([_tail(cut - t) + _tail(cut + t) for t in true])
    weight = np.exp(-((z - true) ** 2) / 2) / np.maximum(picked, 1e-300)
    return float(np.sum(weight * true) / np.sum(weight)) * error


def _tail(z: float) -> float:
    return math.erfc(z / math.sqrt(2)) / 2
