"""Intervals of shares, means and differences, all 95 %."""

from __future__ import annotations

from math import sqrt

Z = 1.959964
LEAST = 30  # of a mean's normal interval


def share_interval(share: float, n: int) -> tuple[float | None, float | None]:
    """Wilson (1927) of a share among n."""
    if not n:
        return None, None
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return (0.0 if share == 0 else max(0.0, middle - half)), (1.0 if share == 1 else min(1.0, middle + half))


def mean_interval(mean: float, spread: float | None, n: int) -> tuple[float | None, float | None]:
    """Normal interval of a mean with its standard deviation; unknown under 30 values."""
    if n < LEAST or spread is None:
        return None, None
    half = Z * spread / sqrt(n)
    return mean - half, mean + half
