"""The settings of the server: reachable from this machine only, and closed to what a query could misuse."""

from __future__ import annotations

from collections.abc import Mapping

# What docs/neo4j.md recommends for any server that others may query.
SAFE = {
    # Without an import folder, LOAD CSV reads any file of the server's user.
    "server.directories.import": "import",
    "dbms.security.allow_csv_import_from_file_urls": "false",
    # No address may be fetched by a query.
    "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
    # A statement may not take all of the memory.
    "db.memory.transaction.max": "600m",
    "dbms.usage_report.enabled": "false",
}
# Settings that only the calendar releases know.
SAFE_FROM_2025 = {"dbms.fleet_manager.enabled": "false", "server.fleet_discovery.enabled": "false"}


def conf(version: str, port: int, heap: str, pagecache: str, more: Mapping[str, str]) -> str:
    """The text of neo4j.conf."""
    settings = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.config.strict_validation.enabled": "true",
        "server.directories.plugins": "plugins",
        "server.directories.logs": "logs",
        "server.directories.data": "data",
        "server.memory.heap.initial_size": heap,
        "server.memory.heap.max_size": heap,
        "server.memory.pagecache.size": pagecache,
        "db.tx_log.rotation.retention_policy": "1 files",
        # 256 MB each for the system database and ours, which a throw-away server need not reserve.
        "db.tx_log.preallocate": "false",
        # Where no room is reserved, a full disk tears the last entry of the log, which was promised to nobody:
        # let go of it, or the database never opens again.
        "internal.dbms.tx_log.fail_on_corrupted_log_files": "false",
        **SAFE,
        **({} if version.startswith("5.") else SAFE_FROM_2025),
        **more,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
