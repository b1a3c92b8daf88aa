"""Records of JSON files, one at a time, with their lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.errors import InputError
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.shared import json_text
from miner.readers.shared.records import Record, paged_records, records, sample
from tests.readers.reading import write

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
OBJECTS = st.lists(st.dictionaries(st.text(), VALUES, max_size=4), min_size=1, max_size=6)


class Run:
    """The records of a file, and what was rejected."""

    def __init__(self, path: Path, pages: tuple[str, ...] = ("items", "users")):
        self.file = SourceFile(path.name, path)
        with Engine() as engine:
            sink = Sink(engine)
            sink.begin(path.name)
            self.found: list[Record] = list(paged_records(self.file, sink, pages))
            sink.flush()
            self.rejects: list[Any] = engine.rows("SELECT line, reason, value FROM rejects ORDER BY line")

    @property
    def places(self) -> list[tuple[int, Any]]:
        return [(record.line, record.value.get("id")) for record in self.found]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{"id":1}\n\n{"id":2}\n', [(1, 1), (3, 2)]),
        ('{"id":1}', [(1, 1)]),
        ('{\n "id": 1\n}\n{\n "id": 2\n}', [(1, 1), (4, 2)]),
        ('{"id":1}{"id":2}', [(1, 1), (1, 2)]),
        ('[\n{"id":1},\n {"id":2}\n]', [(2, 1), (3, 2)]),
        ('[{"id":1}]\n[{"id":2}]', [(1, 1), (2, 2)]),
        ('{"count":2,"items":[\n{"id":1},\n{"id":2}],"next_page":null}', [(2, 1), (3, 2)]),
        ('{"items":[{"id":1}]}\n{"items":[{"id":2}]}\n', [(1, 1), (2, 2)]),
        ('[{"items":[{"id":1}]},\n{"items":[{"id":2}]}]', [(1, 1), (2, 2)]),
        ('\r\n{"id":1}\r\n{"id":2}\r\n', [(2, 1), (3, 2)]),
        ('{"items": {"id": 9}, "id": 1}', [(1, 1)]),
        ('[]\n{"id":1}', [(2, 1)]),
        ('{"id":1},\n{"id":2},\n', [(1, 1), (2, 2)]),
    ],
)
def test_shapes_and_lines(tmp_path: Path, text: str, places: list[tuple[int, int]]) -> None:
    """Lines, single objects, arrays, pages and several documents give the same records, each with its line."""
    assert Run(write(tmp_path, text)).places == places


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", ['{"id":"ü1"}\n{"id":"ü2"}\n', '[{"id":"ü1"},\n{"id":"ü2"}]'])
def test_encodings(tmp_path: Path, encoding: str, text: str) -> None:
    """A byte order mark and the UTF-16 and UTF-32 encodings are read."""
    assert Run(write(tmp_path, text, encoding=encoding)).places == [(1, "ü1"), (2, "ü2")]


def test_pages_name_their_lists(tmp_path: Path) -> None:
    """Records of a page carry the key of their list, those outside carry none."""
    run = Run(write(tmp_path, '{"items":[{"id":1}],"users":[{"id":2}],"x":[{"id":3}]}\n{"id":4}'))
    assert [(record.key, record.value["id"]) for record in run.found] == [("items", 1), ("users", 2), (None, 4)]


def test_a_bad_line_is_rejected_and_the_rest_read(tmp_path: Path) -> None:
    """A broken line of JSON lines and values that are no object are rejected with line and reason."""
    run = Run(write(tmp_path, ['{"id":1}', '{"id":', "17", '{"id":2}', '{"id":3}', '{"id":4']))
    assert run.places == [(1, 1), (4, 2), (5, 3)]
    assert [line for line, _, _ in run.rejects] == [2, 3, 6]
    assert "column 7" in run.rejects[0][1]
    assert run.rejects[1][1:] == ("an object was expected, not a number", "17")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[{"id":1},\n{"id":2', 2, "ends"),
        ('{"items":[\n{"id":1}', 2, "ends"),
        ('{"items":[{"id":1},\n\n', 3, "ends"),
        ('[{"id":1},\n {id:2}]', 2, "column 3"),
        ('{"id":1', 1, "ends"),
        ('[{"id":1}\n{"id":2}]', 2, "was expected"),
        ('{"id" 1}', 1, "column"),
        ("{1:2}", 1, "column 2"),
        ("hello", 1, "column 1"),
        ('{"id":1}}', 1, "column 9"),
        ('[{"id":"1\n2"}]', 1, "control character"),
    ],
)
def test_a_broken_document_ends_the_reading(tmp_path: Path, text: str, line: int, words: str) -> None:
    """A truncated or invalid document is an InputError with file, line, column and what to do."""
    with pytest.raises(InputError, match=words) as caught:
        Run(write(tmp_path, text))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("export.json", line)
    assert problem.column and problem.column.startswith("column ") and problem.fix


@pytest.mark.parametrize("text", ["", " \n\n", "[]", '{"items":[]}', "1", "[1, 2]", '"x"\n"y"', "\ufeff"])
def test_a_file_without_records_is_an_error(tmp_path: Path, text: str) -> None:
    """A file that holds nothing usable is an InputError, not an empty result."""
    with pytest.raises(InputError):
        Run(write(tmp_path, text))


def test_numbers_stay_exact(tmp_path: Path) -> None:
    """Long ids and fractions keep every digit; NaN, which is no JSON, is null."""
    run = Run(write(tmp_path, '{"id":12345678901234567890,"at":1772445731.123456,"x":NaN}'))
    assert run.found[0].value["id"] == 12345678901234567890
    assert str(run.found[0].value["at"]) == "1772445731.123456"
    assert run.found[0].value["x"] is None


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '[{"id":1' + "0" * 10_000 + "}]"])
def test_hostile_depth_and_length(tmp_path: Path, text: str) -> None:
    """Endless nesting and endless numbers are an InputError, not a crash."""
    with pytest.raises(InputError):
        Run(write(tmp_path, text))


def test_half_a_surrogate_pair_is_replaced(tmp_path: Path) -> None:
    """Half a surrogate pair, which no file can hold, is replaced; whole pairs stay."""
    run = Run(write(tmp_path, '{"id":"a\\ud800b","\\ud83d\\ude00":["\\udc00"]}'))
    assert run.found[0].value == {"id": "a?b", "😀": ["?"]}


def test_records_longer_than_a_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the pieces of a file end, records and lines are the same."""
    text = '{"n":1.25,"items":[\n{"id":"aé\\u00e9\\"]},{"},\n\n{"id":-12.5e3},{"id":true}],\n"z":[1,2]}\n{"id":null}'
    whole = Run(write(tmp_path, text)).places
    for size in range(1, 12):
        monkeypatch.setattr(json_text, "_PIECE", size)
        assert Run(write(tmp_path, text)).places == whole
    assert [line for line, _ in whole] == [2, 4, 4, 6]


@settings(max_examples=60)
@given(OBJECTS, st.sampled_from(["lines", "array", "indented", "page", "documents"]))
def test_every_shape_gives_back_the_objects(
    tmp_path_factory: pytest.TempPathFactory, objects: list[dict[str, Any]], shape: str
) -> None:
    """Whatever the objects are, writing and reading them in any shape changes nothing."""
    text = {
        "lines": "\n".join(map(json.dumps, objects)),
        "array": json.dumps(objects),
        "indented": json.dumps(objects, indent=2),
        "page": json.dumps({"a\nb": 1, "\0items": objects}),
        "documents": "".join(json.dumps(one, indent=1) for one in objects),
    }[shape]
    run = Run(write(tmp_path_factory.mktemp("json"), text), ("\0items",))
    assert [record.value for record in run.found] == objects


def test_sample_never_fails(tmp_path: Path) -> None:
    """The first records of the head are shown even where the file is cut or broken further on."""
    path = write(tmp_path, '{"items":[{"id":1},{"id":2},{"id":')
    assert [record.value for record in sample(SourceFile("x", path), ("items",))] == [{"id": 1}, {"id": 2}]
    path = write(tmp_path, b"\xff\xfe\x00".decode("latin-1"), encoding="latin-1")
    assert sample(SourceFile("x", path)) == []
    big = write(tmp_path, [{"id": n, "pad": "x" * 1000} for n in range(600)])
    assert len(sample(SourceFile("x", big), limit=7)) == 7


def test_plain_records_are_lines_and_objects(tmp_path: Path) -> None:
    """Without pages the records are pairs of line and object."""
    with Engine() as engine:
        sink = Sink(engine)
        sink.begin("x")
        assert list(records(SourceFile("x", write(tmp_path, [{"a": 1}, {"b": [2]}])), sink)) == [
            (1, {"a": 1}),
            (2, {"b": [2]}),
        ]
