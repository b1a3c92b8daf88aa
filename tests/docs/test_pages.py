"""The pages as a whole: nothing is left out, nothing points nowhere, nothing is made up."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from miner.events.schema import MISSING
from tests.docs import generated
from tests.docs.pages import DOCS, PAGES, ROOT, anchors, blocks, links, prose

COMMON = {"--help", "--version", "--debug", "--install-completion", "--show-completion"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Links between pages, to headings and to files of the repository resolve."""
    for target in links(page):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), f"{page.name} links to {target}"
        assert not fragment or fragment in anchors(other), f"{page.name} links to {target}"


def test_every_page_can_be_reached() -> None:
    """From README.md, links lead to every page of docs/."""
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            paths = [target.partition("#")[0] for target in links(page) if ":" not in target]
            waiting += [(page.parent / path).resolve() for path in paths]
    assert set(DOCS.glob("*.md")) <= reached


@pytest.mark.parametrize("page", generated.PAGES, ids=lambda page: page.name)
def test_generated_pages_are_current(page: Path) -> None:
    """What comes from the program is as the program has it (python -m tests.docs.generated)."""
    assert page.read_text(encoding="utf-8") == generated.PAGES[page]()


@pytest.mark.parametrize("name", generated.commands())
def test_every_option_is_documented(name: str) -> None:
    """Every command and each of its options has its place in docs/commands.md."""
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    _, heading, section = text.partition(f"## miner {name}\n")
    assert heading
    section = section.partition("\n## ")[0]
    assert all(f"`{option}`" in section for option in generated.options(generated.commands()[name]))


def test_every_query_is_documented() -> None:
    """Every query of the library has a heading in docs/queries.md."""
    from miner.graph.cypher.library import queries

    text = (DOCS / "queries.md").read_text(encoding="utf-8")
    assert all(f"### {name}\n" in text for name in queries())


def test_every_reader_has_a_section() -> None:
    """Every kind of source is in the table of docs/sources.md, with a section, and no other is."""
    from miner.readers import readers

    text = (DOCS / "sources.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| \[`(\w+)`\]\(#", text, re.MULTILINE)) == set(readers())


def test_missing_markers_are_listed() -> None:
    """Every text that means nothing is named in docs/sources.md, up to capitals."""
    text = (DOCS / "sources.md").read_text(encoding="utf-8").lower()
    assert all(f"`{marker.lower()}`" in text for marker in MISSING if marker)


def test_mapping_keys_are_listed() -> None:
    """The keys of a mapping and of a mapping file are those that docs/sources.md names."""
    from miner.pipeline.mapping import _SOURCE
    from miner.pipeline.settings import declared

    text = (DOCS / "sources.md").read_text(encoding="utf-8")
    keys = {name for name, (option, _) in declared().items() if option.check} | {"ignore", "sources"}
    assert all(re.search(rf"\b{key}\b", text) for key in keys | _SOURCE.keys())
    said = re.search(r"^Keys of `map`: `([a-z_ ]+)`", text, re.MULTILINE)
    option = next(p for p in generated.commands()["run"].params if "--map" in p.opts)
    assert said and said[1] in option.help


def test_python_interface_is_documented() -> None:
    """Every public name of the package is used or named on the pages for analysts and Cypher users."""
    import miner

    text = "".join((DOCS / page).read_text(encoding="utf-8") for page in ("analysts.md", "cypher.md"))
    assert all(re.search(rf"miner\.{name}\b|\b{name}\b", text) for name in miner.__all__)


def test_layers_of_the_architecture() -> None:
    """The layers drawn on docs/architecture.md are those that the import contracts hold."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    page = DOCS / "architecture.md"
    text = page.read_text(encoding="utf-8").partition("<!-- layers -->\n```text\n")[2].partition("```")[0]
    assert text.splitlines() == project["tool"]["importlinter"]["contracts"][0]["layers"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_text_exist(page: Path) -> None:
    """A command line within a sentence names a command and options that there are."""
    known = generated.commands()
    shown = "\n".join(block.text for block in blocks(page, "text") if page.name == "commands.md")
    for code in [*re.findall(r"`(miner [a-z][^`\n]*)`", prose(page)), *re.findall(r"^miner .+$", shown, re.MULTILINE)]:
        words = shlex.split(code.replace("…", "...").replace("'", '"') if code.count("'") % 2 else code)
        name = next((name for name in (" ".join(words[1:3]), words[1]) if name in known), "")
        if name:
            options = {*generated.options(known[name]), *COMMON}
            typed = {word.partition("=")[0] for word in words if word.startswith("--")}
            assert typed <= options, f"{page.name}: {code}"
        else:
            assert words[1].isupper() or words[1].startswith("-"), f"{page.name}: {code}"
