"""Fixtures that several folders of tests share."""

from __future__ import annotations

from tests.neo4j.serving import empty_database, neo4j_server

__all__ = ["empty_database", "neo4j_server"]
