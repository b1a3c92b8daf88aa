"""One small local Spark for all tests of this folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from miner.spark import open_session

# Small tables: few partitions, no optimizing compilers and no verifying of classes; the CPU time is a third of that
# with the defaults of Java and Spark.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
SMALL = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session with two threads; without Java the tests are skipped, except in CI."""
    if not shutil.which("java") and not os.environ.get("CI"):
        pytest.skip("Spark needs Java: apt-get install openjdk-17-jre-headless")
    warehouse = str(tmp_path_factory.mktemp("warehouse"))
    found = open_session("local[2]", {**SMALL, "spark.sql.warehouse.dir": warehouse})
    found.sparkContext.setLogLevel("ERROR")
    yield found
    found.stop()
