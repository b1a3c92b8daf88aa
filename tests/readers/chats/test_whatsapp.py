"""WhatsApp chats exported from a phone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.chats import whatsapp
from miner.readers.chats.whatsapp_lines import Line, lines
from tests.readers.reading import FIXTURES, read, write

IOS = FIXTURES / "whatsapp" / "_chat.txt"
ANDROID = FIXTURES / "whatsapp" / "WhatsApp Chat with +49 171 1234567.txt"
SAID: dict[str, Any] = {"tz": "Europe/Berlin", "columns": {"team": "Sales: Ana Shop; Service: Bo Shop"}}
NINE = 1_772_438_400_000_000  # 2026-03-02 09:00 in Berlin


def test_ios() -> None:
    """Brackets, marks of direction, lines that go on: one handoff, then a new interaction after a silence."""
    found = read(whatsapp, IOS, **SAID)
    assert found.visits() == ["Sales", "Service", "Sales"]
    ids = list(dict.fromkeys(found.column("interaction_id")))
    assert len(ids) == 2 and all("eva" not in one for one in ids)
    assert [(e["actor_type"], (e["started_us"] - NINE) // 1_000_000) for e in found.events[:5]] == [
        ("system", 5),
        ("customer", 5),
        ("customer", 40),
        ("agent", 300),
        ("agent", 1_800),
    ]
    assert len([e for e in found.events if e["interaction_id"] == ids[0]]) == 7
    assert [(row["column"], row["value"]) for row in found.rejects] == [("time", "31/02/2026")]
    assert found.reports[0].time == "day/month/year, zone Europe/Berlin"
    assert {row["customer"] for row in found.interactions.values()} == {"whatsapp:Eva Meyer"}


def test_android() -> None:
    """Dashes, twelve hours with a narrow space, month first: noon and midnight are right, the system owns nothing."""
    found = read(whatsapp, ANDROID, **SAID)
    hours = [(e["started_us"] - NINE) / 3_600_000_000 for e in found.events]
    assert [round(hour, 3) for hour in hours] == [0, 0, 3.083, 3.083, 279.25, 279.267]
    assert found.reports[0].time == "month/day/year, zone Europe/Berlin"
    assert {row["customer"] for row in found.interactions.values()} == {"+491711234567"}
    assert [e["actor_type"] for e in found.events].count("system") == 2
    assert json.loads(next(iter(found.interactions.values()))["identity"]) == {"phone": "+491711234567"}


def test_other_phones(tmp_path: Path) -> None:
    """A half of the day behind a clock of 24 hours, a mark inside the bracket, and Dutch brackets without a comma."""
    rows = [
        "[\ufeff29.01.18, 23:59:03 PM] Eva: one",
        "\ufeff[30.01.18, 00:04:03 AM] Eva: two",
        "[30.01.18, 12:05:03 AM] Eva: three",
        "[30.01.18, 00:06:03 PM] Eva: four",
        "[30.01.18, 13:06:03 AM] Eva: five",
    ]
    found = read(whatsapp, write(tmp_path, rows, "_chat.txt"), tz="UTC")
    first = found.events[0]["started_us"]
    assert [(e["started_us"] - first) // 1_000_000 for e in found.events] == [0, 300, 360] and len(found.rejects) == 2
    dutch = write(tmp_path, ["[15-01-20 02:22:56] Eva: hoi", "[16-01-20 02:22:56] Ana: dag"], "x.txt")
    log = write(tmp_path, ["[2020-01-15 02:22:56] main: begun", "[2020-01-16 02:22:56] main: done"], "y.txt")
    assert whatsapp.sniff(SourceFile("x.txt", dutch)) and not whatsapp.sniff(SourceFile("y.txt", log))


def test_text_goes_with_its_message() -> None:
    """Lines without a date belong to the message before them."""
    found = [line for line in lines(IOS) if isinstance(line, Line)]
    assert found[1].text == "Hello,\nI was charged twice.\n\nWhy: no idea"
    assert [line.author for line in found[:5]] == [None, "Eva Meyer", "Eva Meyer", "Ana Shop", "Bo Shop"]


@pytest.mark.parametrize("date", ["02/03/2026", "2/3/26", "02-03-2026"])
def test_an_ambiguous_file_is_an_error(tmp_path: Path, date: str) -> None:
    """Where no date tells day from month the user must; either answer is then taken for the whole file."""
    path = write(tmp_path, f"{date}, 09:00 - Eva: hi\n{date}, 09:01 - Ana: hi\n", "chat.txt")
    with pytest.raises(InputError, match=r"no value above 12\)") as error:
        read(whatsapp, path, tz="UTC")
    assert error.value.problems[0].fix == "choose with --dayfirst or --monthfirst"
    starts = [read(whatsapp, path, tz="UTC", dayfirst=first).events[0]["started_us"] for first in (True, False)]
    assert starts[1] - starts[0] == -27 * 86_400_000_000  # 3 February against 2 March, the other way round


def test_one_file_is_read_one_way(tmp_path: Path) -> None:
    """Dates that need different orders are an error, also against what the user says; dots are day first."""
    mixed = write(tmp_path, "13/03/26, 09:00 - Eva: hi\n03/13/26, 09:01 - Ana: hi\n", "mixed.txt")
    with pytest.raises(InputError, match="others month first"):
        read(whatsapp, mixed, tz="UTC")
    plain = write(tmp_path, "13/03/26, 09:00 - Eva: hi\n", "plain.txt")
    with pytest.raises(InputError, match="others month first"):
        read(whatsapp, plain, tz="UTC", dayfirst=False)
    dots = write(tmp_path, "02.03.26, 09:00 - Eva: hallo\n", "dots.txt")
    assert read(whatsapp, dots, tz="UTC").events[0]["started_us"] == NINE + 3_600_000_000


def test_a_zone_must_be_named() -> None:
    """The phone's times have no zone: without one the file is an error that names the option."""
    with pytest.raises(InputError, match="--tz"):
        read(whatsapp, IOS)


def test_without_a_mapping_nobody_is_an_agent() -> None:
    """Names alone do not say who serves whom; that is noted with the names; unused names are noted too."""
    found = read(whatsapp, IOS, tz="UTC")
    assert {e["actor_type"] for e in found.events} == {"unknown", "system"} and found.visits() == []
    assert any("no agents are known" in note.message for note in found.notes)
    assert read(whatsapp, IOS, tz="UTC", columns={"agent": "Cem"}).note("unused")


def test_a_chat_that_was_exported_twice(tmp_path: Path) -> None:
    """An earlier export of the same chat adds nothing; equal messages of one export stay."""
    early = tmp_path / "early"
    early.mkdir()
    text = IOS.read_bytes().decode()
    first = write(early, text[: text.index("[13/03")], "_chat.txt")
    with pytest.raises(InputError, match="no value above 12"):
        read(whatsapp, first, **SAID)
    once = len(read(whatsapp, IOS, **SAID).events)
    assert len(read(whatsapp, first, IOS, **SAID, dayfirst=True).events) == once


def test_sniff(tmp_path: Path) -> None:
    """Both forms are recognised by their lines; logs of programs and other texts are not."""
    assert whatsapp.sniff(SourceFile(IOS.name, IOS)) and whatsapp.sniff(SourceFile(ANDROID.name, ANDROID))
    assert whatsapp.sniff(SourceFile("x.txt", ANDROID))
    for text in ("[2026-03-02 09:15:32] NOTICE[12] chan.c: hi\n" * 3, "1,2\n3,4\n", "", "hello: you\n"):
        assert not whatsapp.sniff(SourceFile("x.txt", write(tmp_path, text, "x.txt")))


MORNING, EVENING = 1_726_996_500, 1_727_039_760  # 22 September 2024, 9:15 and 21:16
LOCALES = {
    "ar": "٢٢\u200f/٩\u200f/٢٠٢٤، ٩:١٥ ص - A: a\n٢٢\u200f/٩\u200f/٢٠٢٤، ٩:١٦ م - B: b\n",
    "fa": "۲۰۲۴/۹/۲۲،\u200f ۹:۱۵ ق.ظ - A: a\n۲۰۲۴/۹/۲۲،\u200f ۹:۱۶ ب.ظ - B: b\n",
    "pt-BR": "22/09/2024 09:15 - A: a\n22/09/2024 21:16 - B: b\n",
    "zh": "2024/9/22 上午9:15 - A: a\n2024/9/22 下午9:16 - B: b\n",
    "zh, iOS": "[2024/9/22 早上9:15:00] A: a\n[2024/9/22 晚上9:16:00] B: b\n",
    "ja": "2024/09/22 9:15 - A: a\n2024/09/22 21:16 - B: b\n",
    "ko": "2024. 9. 22. 오전 9:15 - A: a\n2024. 9. 22. 오후 9:16 - B: b\n",
    "ko, iOS": "[2024. 9. 22. 오전 9:15:00] A: a\n[2024. 9. 22. 오후 9:16:00] B: b\n",
    "da": "22.09.2024 09.15 - A: a\n22.09.2024 21.16 - B: b\n",
    "fi": "22.9.2024 klo 9.15 - A: a\n22.9.2024 klo 21.16 - B: b\n",
    "es": "22/9/24 9:15 a. m. - A: a\n22/9/24 9:16 p. m. - B: b\n",
    "el": "22/9/24, 9:15 π.μ. - A: a\n22/9/24, 9:16 μ.μ. - B: b\n",
    "nl": "22-09-2024 09:15 - A: a\n22-09-2024 21:16 - B: b\n",
    "sv": "2024-09-22 09:15 - A: a\n2024-09-22 21:16 - B: b\n",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_phones_of_many_languages(locale: str, tmp_path: Path) -> None:
    """A chat is known and read under any file name, with the digits and halves of the day of its language."""
    path = write(tmp_path, LOCALES[locale], "saved.txt")
    assert whatsapp.sniff(SourceFile("saved.txt", path))
    found = read(whatsapp, path, tz="UTC")
    assert [(e["started_us"] // 1_000_000, e["actor"]) for e in found.events] == [(MORNING, "A"), (EVENING, "B")]
    assert not found.rejects


def test_years_of_two_digits_first(tmp_path: Path) -> None:
    """Where what stands last changes from day to day and what stands first does not, the year is first."""
    days = ("09-22", "09-23", "09-30", "10-02")
    found = read(whatsapp, write(tmp_path, "".join(f"24-{day}, 09:15 - A: a\n" for day in days), "x.txt"), tz="UTC")
    first, last = found.column("started_us")[0], found.column("started_us")[-1]
    assert first // 1_000_000 == MORNING and (last - first) // 86_400_000_000 == 10
    assert found.reports[0].time == "year/month/day, zone UTC"
    days = ("22-09", "23-09", "30-09", "02-10")
    found = read(whatsapp, write(tmp_path, "".join(f"{day}-24, 09:15 - A: a\n" for day in days), "x.txt"), tz="UTC")
    assert found.column("started_us")[0] // 1_000_000 == MORNING
    assert found.reports[0].time == "day/month/year, zone UTC"


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-02 09:15:32,123 - root - INFO - up: yes",
        "[2026-03-02 09:15:32] production.ERROR: down",
        "2026/03/02 09:15:32 - worker: started",
        "[02/03/2026 09:15:32] ERROR: down",
    ],
)
def test_logs_of_programs_are_no_chats(line: str, tmp_path: Path) -> None:
    """Lines that programs write, with seconds or with a level for a name, are left to other readers."""
    assert not whatsapp.sniff(SourceFile("x.log", write(tmp_path, f"{line}\n" * 3, "x.log")))
