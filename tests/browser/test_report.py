"""What a reader can do with the report."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from miner.report import words
from tests.browser.conftest import Open


def status(page: Any) -> Any:
    """The sentence that says what of the map is shown."""
    return page.locator("#viewer .status")


def test_it_opens_from_disk_with_its_sentence_and_map(open_page: Open, report: str) -> None:
    """The sentence stands first, the map is live, nothing is loaded (the fixture holds that)."""
    page = open_page(report)
    expect(page.locator("h1")).to_contain_text("300 journeys")
    expect(page.locator("#viewer .stage svg.map")).to_be_visible()
    expect(page.locator("figure.static").first).to_be_hidden()


def test_sliders_change_what_is_shown_and_say_so(open_page: Open, report: str) -> None:
    """Fewer activities: fewer boxes, another sentence, the fragment follows only a choice."""
    page = open_page(report)
    expect(status(page)).to_contain_text("Showing 12 of 12 activities")
    page.get_by_label("Activities: 12").fill("0")
    expect(status(page)).to_contain_text("Showing 3 of 12 activities")
    expect(status(page)).to_contain_text("Arrows skip over hidden activities")
    assert page.locator("#viewer .step").count() == 3
    page.get_by_label("Activities: 3").fill("3")
    page.get_by_label(re.compile("^Paths")).fill("0")
    expect(page.locator("#viewer .path").nth(19)).to_have_count(0)


def test_how_long_shows_waits_and_their_key(open_page: Open, report: str) -> None:
    """Labels become durations, colours are explained in words."""
    page = open_page(report)
    page.get_by_role("radio", name="How long").check()
    expect(page.locator("#viewer svg.map.time")).to_be_visible()
    expect(page.locator("#viewer .key")).to_contain_text("3 d and more")
    assert re.search(r"\d\s(min|h|d|s)", page.locator("#viewer .labels text").first.text_content())


def test_what_it_costs_shows_hours_and_stays_in_the_address(open_page: Open, report: str) -> None:
    """Labels become hours of fragmentation, the dearest path is first in the details, the table has the column."""
    page = open_page(report)
    page.get_by_role("radio", name="What it costs").check()
    expect(page.locator("#viewer svg.map.cost")).to_be_visible()
    expect(page.locator("#viewer .key")).to_contain_text("costs more")
    assert re.search(r"\d\sh$", page.locator("#viewer .labels text").first.text_content())
    expect(page.locator("#viewer .details")).to_contain_text("Costs most")
    page.locator("#viewer").get_by_text("As table").click()
    expect(page.locator("#viewer table thead")).to_contain_text("Cost")
    page.locator("#viewer .step").first.click()
    assert "show=cost" in page.url
    expect(open_page(page.url).locator("#viewer svg.map.cost")).to_be_visible()


def test_activities_grouped_by_silo(open_page: Open, report: str) -> None:
    """The process map puts frames with names around silos when asked, and the address keeps that."""
    page = open_page(report)
    expect(page.locator("#viewer .key")).to_contain_text("Stripe: the silo")
    page.get_by_label("Group by silo").check()
    expect(page.locator("#viewer .siloname").first).to_be_visible()
    expect(open_page(page.url).locator("#viewer .siloname").first).to_be_visible()


def test_details_of_a_box_and_an_arrow(open_page: Open, report: str) -> None:
    """A click gives numbers with their base, ways in and out, and journeys that open below."""
    page = open_page(report)
    page.locator("#viewer .step", has_text="Take over").click()
    details = page.locator("#viewer .details")
    expect(details.get_by_role("heading", name="Take over")).to_be_visible()
    expect(details).to_contain_text("of 300")
    details.get_by_role("button", name="Solve").click()
    expect(details).to_contain_text("Median wait")
    assert "at=Take%20over~Solve" in page.url
    link = details.get_by_role("link").first
    name = link.text_content()
    link.click()
    expect(page.locator("#lanes")).to_contain_text(f"Journey {name}")


def test_search_finds_what_is_hidden(open_page: Open, report: str) -> None:
    """A hit at a deeper level is said to be hidden, and Enter shows it."""
    page = open_page(report)
    page.get_by_label("Activities: 12").fill("0")
    page.get_by_label("Search").fill("give")
    expect(page.locator("#viewer")).to_contain_text("1 found, 1 of them hidden")
    page.get_by_label("Search").press("Enter")
    expect(page.locator("#viewer .details h3")).to_have_text("Give up")
    expect(page.locator("#viewer .step.picked")).to_contain_text("Give up")


def test_the_address_opens_what_was_seen(open_page: Open, report: str) -> None:
    """A link with kind, measure, level and choice shows that."""
    page = open_page(report + "#map?kind=teams&show=time&steps=5&at=Refunds~Chat%20front%20desk")
    expect(status(page)).to_contain_text("Showing 5 of 7 teams")
    expect(page.locator("#viewer .details h3")).to_have_text("Refunds → Chat front desk")
    assert page.locator("#viewer svg.map.time").count() == 1
    page = open_page(report + "#journeys?id=m2&step=2")
    expect(page.locator("#lanes .step-text")).to_contain_text("Step 2 of")
    assert page.get_by_label("Find a journey by its id").input_value() == "m2"


def test_a_finding_leads_to_its_place_and_journeys(open_page: Open, report: str) -> None:
    """On the map: the teams of the finding; Journey: its lanes; the query is there to copy."""
    page = open_page(report)
    card = page.locator(".card").first
    card.get_by_text("On the map").click()
    expect(page.locator("#viewer .details h3")).to_have_text("Refunds → Chat front desk")
    card.get_by_role("link", name="Journey m1").click()
    expect(page.locator("#lanes")).to_contain_text("Journey m1")
    card.get_by_text("The query behind it").click()
    expect(card.locator("code")).to_contain_text("miner query loops/loop_waits --param")


def test_the_map_by_keyboard_alone(open_page: Open, report: str) -> None:
    """Boxes are reached by Tab and chosen by Enter; arrows, plus, minus and 0 move the view; Escape lets go."""
    page = open_page(report)
    stage = page.locator("#viewer .stage")
    stage.focus()
    box = page.locator("#viewer svg.map").get_attribute("viewBox")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    expect(page.locator("#viewer svg.map")).not_to_have_attribute("viewBox", str(box))
    page.keyboard.press("0")
    expect(page.locator("#viewer svg.map")).to_have_attribute("viewBox", str(box))
    page.keyboard.press("Tab")
    expect(page.locator("#viewer .step").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer .step.picked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#viewer .step.picked")).to_have_count(0)


def test_drag_and_wheel(open_page: Open, report: str) -> None:
    """Dragging moves the map and chooses nothing; the wheel scrolls the page unless Ctrl is held."""
    page = open_page(report)
    stage = page.locator("#viewer .stage")
    stage.scroll_into_view_if_needed()
    box = page.locator("#viewer svg.map").get_attribute("viewBox")
    at = stage.bounding_box()
    page.mouse.move(at["x"] + 30, at["y"] + 30)
    page.mouse.down()
    page.mouse.move(at["x"] + 130, at["y"] + 80, steps=5)
    page.mouse.up()
    moved = page.locator("#viewer svg.map").get_attribute("viewBox")
    assert moved != box
    page.mouse.wheel(0, 100)
    assert page.locator("#viewer svg.map").get_attribute("viewBox") == moved
    expect(page.locator("#viewer .picked")).to_have_count(0)


def test_a_journey_step_by_step(open_page: Open, report: str) -> None:
    """Arrow keys go from step to step and from journey to journey; an unknown id says where it is."""
    page = open_page(report)
    frame = page.locator("#lanes .lanes .scroll")
    frame.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lanes .step-text")).to_contain_text("Step 2 of")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#lanes .step-text")).to_contain_text("Step 1 of")
    field = page.get_by_label("Find a journey by its id")
    field.fill("nowhere")
    field.press("Enter")
    expect(page.locator("#lanes .status")).to_contain_text("not among the examples")


def test_every_picture_as_table_and_csv(open_page: Open, report: str) -> None:
    """The map's table has its paths; CSV has exact values with units and harmless cells."""
    page = open_page(report)
    viewer = page.locator("#viewer")
    viewer.get_by_text("As table").click()
    expect(viewer.locator("table tbody tr")).to_have_count(viewer.locator(".path").count())
    with page.expect_download() as saved:
        viewer.get_by_role("button", name="CSV").click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    waits = '"Median wait (seconds)","95 % within (seconds)","Time waited (hours)"'
    assert lines[0] == f'"From","To","Times","Journeys",{waits},"Cost (hours)"'
    assert re.fullmatch(r'"[^"]+","[^"]+",\d+,\d+,\d+,\d+,[\d.]+,[\d.]+', lines[1])
    for part in ("#loops", "#time", "#journeys"):
        assert page.locator(f"{part} .astable").count() >= 1


def test_words_are_the_same_in_page_and_python(browser: Any) -> None:
    """Durations, hours and shares are worded alike by both."""
    from miner.report.theme import asset

    values = [0, 0.3, 1, 59, 60, 61, 90, 599, 600, 725, 3569, 3571, 3600, 5400, 86_000, 86_390, 86_400, 273_600]
    values += [1_209_600, 8.95e7, 9e7]
    page = browser.new_page()
    page.add_script_tag(content=asset("words.js"))
    told = page.evaluate("values => values.map(v => [duration(v), hours(v), percent(v, 9e7), percent(v, 0)])", values)
    page.close()
    assert told == [[words.duration(v), words.hours(v), words.percent(v, 9e7), words.percent(v, 0)] for v in values]


def test_it_reads_without_script(open_page: Open, report: str) -> None:
    """Both maps, tables and one journey stand there; nothing that needs script is in the way."""
    page = open_page(report, java_script_enabled=False)
    expect(page.locator("figure.static svg.map")).to_have_count(2)
    expect(page.locator("figure.static svg.map").first).to_be_visible()
    expect(page.locator("#viewer")).to_be_hidden()
    expect(page.get_by_role("table", name=re.compile("Steps of journey"))).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_no_sideways_scrolling(open_page: Open, report: str, width: int, script: bool) -> None:
    """At any width only the maps and tables scroll inside themselves."""
    page = open_page(report, viewport={"width": width, "height": 800}, java_script_enabled=script)
    page.wait_for_load_state()
    assert page.locator("html").evaluate("node => node.scrollWidth") <= width


def test_touch_on_a_phone(open_page: Open, report: str) -> None:
    """A tap on a box gives its details."""
    page = open_page(report, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.locator("#viewer .step", has_text="Answer").tap()
    expect(page.locator("#viewer .details h3")).to_have_text("Answer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: Open, report: str, scheme: str) -> None:
    """Contrast, names, roles, focus: no serious or critical violation, with both maps and details open."""
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(report, color_scheme=scheme, bypass_csp=True)
    page.locator("#viewer .step").first.click()
    for summary in page.locator("details > summary").all():
        if summary.is_visible():
            summary.click()
    found = Axe().run(page).response["violations"]
    serious = [
        f"{v['id']}: {n['html'][:120]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]
    ]
    assert serious == []


def test_dark_and_paper(open_page: Open, report: str, tmp_path: Path) -> None:
    """Dark follows the system; print is light, on A4, each part on a page of its own, with both maps."""
    page = open_page(report, color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(20, 23, 27)"
    page.emulate_media(media="print")
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
    expect(page.locator("figure.static svg.map").first).to_be_visible()
    expect(page.locator("#viewer")).to_be_hidden()
    data = page.pdf(prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert 7 <= pages <= 16


def test_hostile_labels_are_only_text(open_page: Open, hostile: str) -> None:
    """Markup from the log is shown as it is written and does nothing."""
    page = open_page(hostile)
    assert page.title() == "Interaction report"
    expect(page.locator("#viewer .step", has_text="<<TABLE><TR>").first).to_be_visible()
    page.get_by_role("radio", name="Teams").check()
    page.locator("#viewer .step", has_text="onerror").first.click()
    expect(page.locator("#viewer .details h3")).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    link = page.url
    again = open_page(link)
    expect(again.locator("#viewer .details h3")).to_have_text("<img src=x onerror=alert(1)>")
