"""Workspaces that several tests only read."""

from __future__ import annotations

import pytest

from miner.report.view import View, view
from miner.workspace import Workspace
from tests.report.made import finding, shop, workspace_of


@pytest.fixture(scope="session")
def shop_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small shop with a refund loop, and two findings."""
    return workspace_of(
        tmp_path_factory.mktemp("shop") / "workspace", shop(), findings=[finding(), finding("bottleneck")]
    )


@pytest.fixture(scope="session")
def shop_view(shop_workspace: Workspace) -> View:
    """Its view."""
    return view(shop_workspace)
