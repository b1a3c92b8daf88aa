"""A standalone cluster on this machine: a master and two workers, started and stopped by the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from miner.pipeline import Settings, run
from miner.workspace import Workspace
from tests.cli.running import miner
from tests.spark.conftest import JAVA, SMALL
from tests.spark.test_run import logs, same

MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The address of a master that two workers of one core each have joined."""
    if not shutil.which("java") and not os.environ.get("CI"):
        pytest.skip("Spark needs Java: apt-get install openjdk-17-jre-headless")
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    own = ["--host", "127.0.0.1", "--webui-port", "0"]
    worker = [WORKER, *own, "--cores", "1", "--memory", "1g", "--work-dir", str(tmp_path / "work"), address]
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(java(tmp_path / "master.log", [MASTER, *own, "--port", str(port)]))
        until_said(tmp_path / "master.log", "I have been elected leader", 1)
        started += [java(tmp_path / f"worker{no}.log", worker) for no in range(2)]
        until_said(tmp_path / "master.log", "Registering worker", 2)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def java(log: Path, arguments: list[str]) -> subprocess.Popen[bytes]:
    """A process of Spark that writes to a log."""
    import pyspark

    script = Path(pyspark.__file__).parent / "bin" / "spark-class"
    daemon = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": JAVA}
    environment = {**os.environ, **daemon}
    with log.open("wb") as out:
        return subprocess.Popen([str(script), *arguments], stdout=out, stderr=subprocess.STDOUT, env=environment)


def until_said(log: Path, words: str, times: int) -> None:
    """Wait until a log says something so many times."""
    end = time.monotonic() + 120
    while log.read_text(encoding="utf-8").count(words) < times:
        assert time.monotonic() < end, log.read_text(encoding="utf-8")[-2000:]
        time.sleep(0.5)


def test_a_cluster_makes_the_same_tables(cluster: str, tmp_path: Path) -> None:
    """Two workers make the tables that one machine makes."""
    (log, *_), mapping = logs(tmp_path)
    keys = str(tmp_path / "keys.key")
    run([log], tmp_path / "one", Settings(columns=mapping, keys=keys, until="measure"))
    conf = tmp_path / "conf"
    conf.mkdir()
    settings = {**SMALL, "spark.executor.memory": "512m", "spark.driver.host": "127.0.0.1"}
    lines = [f"{name} {value}" for name, value in settings.items()]
    (conf / "spark-defaults.conf").write_text("\n".join(lines), encoding="utf-8")
    told = [word for key, column in mapping.items() for word in ("--map", f"{key}={column}")]
    where = ["-o", tmp_path / "two", "--keys", keys, "--until", "measure", "--engine", "spark", "--master", cluster]
    done = miner("run", log, *told, *where, SPARK_CONF_DIR=str(conf), SPARK_LOCAL_IP="127.0.0.1")
    assert done.returncode == 0, done.stderr
    same(Workspace(tmp_path / "one"), Workspace(tmp_path / "two"))
    logs_of_workers = "".join((tmp_path / f"worker{no}.log").read_text(encoding="utf-8") for no in range(2))
    assert logs_of_workers.count("Asked to launch executor") >= 2
