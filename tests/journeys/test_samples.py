"""The sample logs' customers over the three systems, with and without the shop's own customer keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.samples_identity import joined_samples


@pytest.mark.parametrize(("way", "hidden"), [("keys", False), ("keys", True), ("probabilistic", True)])
def test_customers_are_joined_over_the_systems(tmp_path: Path, way: str, hidden: bool) -> None:
    """With the customer keys everybody is found; without them numbers and addresses find most, likeness nearly all."""
    found = joined_samples(way, hidden, tmp_path)
    exact = 0.999 if way == "keys" else 0.99
    assert found.precision > exact and found.b_cubed[0] > exact
    least = 0.9 if hidden else 0.99
    assert found.recall > least and found.b_cubed[1] > least
