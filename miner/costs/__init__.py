"""The Fragmentation Cost: hours and money of each transition, and what they add up to.

`price` computes it from the tables of a workspace and saves it; nothing is mined again. The SQL files
of this folder are the definitions.
"""

from __future__ import annotations

from miner.costs.rates import Rates, read_rates
from miner.costs.run import Priced, price, pricing, saved_rates

__all__ = ["Priced", "Rates", "price", "pricing", "read_rates", "saved_rates"]
