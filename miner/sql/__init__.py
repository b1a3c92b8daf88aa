"""The one home of all SQL: models are `.sql` files with a checked header, run in an order computed from what they read.

A model lies in the package of its subject (`miner/measures/visits.sql` makes the table `visits`). A file without a
statement is an input: a table that the program fills, declared in the same way.
"""

from __future__ import annotations

from miner.sql.catalog import model, models
from miner.sql.columns import Column
from miner.sql.header import Model
from miner.sql.inputs import append, create, fill
from miner.sql.runner import add, run
from miner.sql.saved import add_columns, load_saved, save, save_rows, saved_select

__all__ = [
    "Column",
    "Model",
    "add",
    "add_columns",
    "append",
    "create",
    "fill",
    "load_saved",
    "model",
    "models",
    "run",
    "save",
    "save_rows",
    "saved_select",
]
