"""The page as text: one file, a policy that fits it, nothing of the log as markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from miner.report import write
from miner.report.page import LIMIT, page
from miner.report.theme import asset
from miner.report.view import View, view
from miner.workspace import Workspace
from tests.report.made import HOSTILE, finding, shop, workspace_of


class Elements(HTMLParser):
    """Start tags with their attributes, and the text of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [v for k, v in attrs if k == "id" and v]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style") and data.strip():
            self.raw.append((self.tags[-1][0], data))


def parsed(text: str) -> Elements:
    """The elements of a page."""
    elements = Elements()
    elements.feed(text)
    return elements


@pytest.fixture(scope="module")
def text(shop_view: View) -> str:
    """The page of the shop."""
    return page(shop_view)


def test_the_policy_allows_the_page_and_nothing_else(text: str) -> None:
    """default-src 'none', and the hashes are those of the one style and the one script."""
    elements = parsed(text)
    policy = next(a["content"] for t, a in elements.tags if t == "meta" and a.get("http-equiv"))
    assert policy
    assert policy.startswith("default-src 'none'; ")
    for kind, body in elements.raw:
        if not body.startswith("{"):
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy


def test_nothing_is_loaded_from_anywhere(text: str) -> None:
    """No element refers to another file or host; no style attribute or handler, which the policy would block."""
    for tag, attributes in parsed(text).tags:
        for name, value in attributes.items():
            assert name not in ("src", "srcset", "action", "style")
            assert not name.startswith("on")
            if name == "href":
                assert value
                assert value.startswith("#") or (tag, value) == ("link", "data:,")
    assert "@import" not in text
    assert "url(" not in text


def test_ids_are_unique(text: str) -> None:
    """Every id stands for one element."""
    ids = parsed(text).ids
    assert len(ids) == len(set(ids))


def test_hostile_labels_make_no_markup(tmp_path: Path) -> None:
    """A log full of markup gives a page with the same kinds of elements, two scripts and readable data."""
    told = finding(title='</h3><script>alert(1)</script>"', where={"activity": "</a>"}, examples=["<b>", "m1"])
    hostile = page(view(workspace_of(tmp_path / "w", shop(60, rename=HOSTILE), findings=[told])))
    elements = parsed(hostile)
    assert [t for t, _ in elements.tags].count("script") == 2
    assert not {"img", "b", "table><tr"} & {t for t, _ in elements.tags if t in ("img", "iframe", "object")}
    data = next(body for kind, body in elements.raw if kind == "script" and body.startswith("{"))
    assert "<" not in data
    labels = [step[1] or " ".join(step[0]) for step in json.loads(data)["maps"][0]["steps"]]
    assert '</script><script>document.title="taken"</script>' in labels


def test_a_page_too_large_keeps_fewer_examples(tmp_path: Path) -> None:
    """Long names cannot make the page larger than a megabyte."""
    long = {"Answer": "x" * 400}
    events = shop(400, rename=long)
    for i, event in enumerate(events):
        event["activity"] = f"{event['activity']} {i} " + "y" * 300
    shown = view(workspace_of(tmp_path / "w", events))
    text = page(shown)
    assert len(text.encode()) <= LIMIT
    assert "examples of 400 journeys" in text


def test_the_page_works_without_script(text: str) -> None:
    """Sentences, both maps, tables and one journey are in the HTML itself."""
    body = re.sub(r"<script.*?</script>", "", text, flags=re.S)
    assert body.count('class="map count"') == 2
    for part in (
        "Fix first",
        "Chat front desk",
        "Longer loops",
        "Where work waits",
        "Steps of journey",
        "Rejected rows",
    ):
        assert part in body


def test_the_report_is_written_whole_and_the_same_each_time(shop_workspace: Workspace) -> None:
    """Writing twice gives the same bytes."""
    first = write(shop_workspace).read_bytes()
    assert write(shop_workspace).read_bytes() == first
    assert shop_workspace.path / "report.html" == write(shop_workspace)


def test_style_sheets_use_colours_that_there_are() -> None:
    """Every colour variable is defined for light and for dark."""
    used = set(re.findall(r"var\(--(\w+)\)", asset("map.css") + asset("report.css") + asset("print.css")))
    assert used <= set(re.findall(r"--(\w+):", asset("theme.css")))
    assert used - {"sans"} <= set(re.findall(r"--(\w+):", asset("dark.css")))


def test_map_and_report_commands(shop_workspace: Workspace, tmp_path: Path) -> None:
    """`miner map` writes the format that the file's ending names; `miner report` says where the page is."""
    import typer

    from miner.cli import render

    app = typer.Typer()
    app.command("map")(render.map)
    app.command("report")(render.report)
    where = ["-w", str(shop_workspace.path)]
    run = CliRunner()
    assert run.invoke(app, ["map", *where, "--kind", "teams", "-o", str(tmp_path / "a.png")]).exit_code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in run.invoke(app, ["map", *where, "--show", "time", "--paths", "5"]).stdout_bytes
    assert run.invoke(app, ["report", *where, "-o", str(tmp_path / "r.html")]).exit_code == 0
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_every_part_of_the_time_has_a_colour_of_its_own() -> None:
    """In light and in dark, so that no part of a bar is black or looks like another."""
    from miner.report.theme import asset
    from miner.report.view.time import PARTS

    for sheet in ("theme.css", "dark.css"):
        colours = [re.search(rf"--p{number}: (#\w+);", asset(sheet)) for number in range(len(PARTS))]
        assert len({colour[1] for colour in colours if colour}) == len(PARTS), sheet
    assert all(f".p{number} {{ fill" in asset("report.css") for number in range(len(PARTS)))
