"""The models on Spark, for logs that outgrow one machine."""

from __future__ import annotations

from miner.spark.engine import SparkEngine
from miner.spark.session import is_running, open_session

__all__ = ["SparkEngine", "is_running", "open_session"]
