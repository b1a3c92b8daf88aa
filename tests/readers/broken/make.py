"""Broken files that are large or binary, made when needed: `python -m tests.readers.broken.make FOLDER`."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEAD = "case,activity,time,team\n"
LOG = HEAD + "A,Opened,2026-01-13T10:00:00Z,L1\nA,Closed,2026-01-13T11:00:00Z,L2\n"
WHEN = dt.datetime(2026, 1, 13, 10)
MAKERS: dict[str, Callable[[], bytes]] = {}


def makes(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Enter a function that returns the content of a file under the file's name."""

    def enter(maker: Callable[[], bytes]) -> Callable[[], bytes]:
        MAKERS[name] = maker
        return maker

    return enter


def zipped(members: dict[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def parquet(**columns: Any) -> bytes:
    """A Parquet file with these columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def book(change: Callable[[Any], None] | None = None, **sheets: list[list[Any]]) -> bytes:
    """A workbook with these sheets, changed by a function."""
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


TABLE: list[list[Any]] = [
    ["case", "activity", "time", "team"],
    ["A", "Opened", WHEN, "L1"],
    ["A", "Closed", WHEN, "L2"],
]


# Wide, deep, long


@makes("wide_header.csv")
def _wide_header() -> bytes:
    more = ",".join(f"c{n}" for n in range(100_000))
    return f"case,activity,time,{more}\nA,Opened,2026-01-13T10:00:00Z,{',' * 99_999}\n".encode()


@makes("wide_row.csv")
def _wide_row() -> bytes:
    return (LOG + "A,Moved,2026-01-13T10:30:00Z,L1" + ",x" * 100_000 + "\n").encode()


@makes("wide_record.jsonl")
def _wide_record() -> bytes:
    record = {"case": "A", "activity": "x", "time": "2026-01-13T10:00:00Z"} | {f"c{n}": n for n in range(100_000)}
    return (json.dumps(record) + "\n").encode() * 2


@makes("deep_array.json")
def _deep_array() -> bytes:
    return b"[" * 100_000


@makes("deep_object.json")
def _deep_object() -> bytes:
    return b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@makes("deep_record.jsonl")
def _deep_record() -> bytes:
    good = b'{"case": "A", "activity": "x", "time": "2026-01-13T10:00:00Z"}\n'
    return good + b'{"case": ' + b"[" * 20_000 + b"]" * 20_000 + b"}\n" + good


@makes("one_long_line.csv")
def _one_long_line() -> bytes:
    return b"a" * (64 << 20)


@makes("endless_line.csv")
def _endless_line() -> bytes:
    return LOG.encode() + b"B," + b"x" * (130 << 20)


@makes("endless_record.jsonl")
def _endless_record() -> bytes:
    good = b'{"case": "A", "activity": "x", "time": "2026-01-13T10:00:00Z"}\n'
    return good * 3 + b'{"case": "' + b"x" * (130 << 20)


@makes("endless_record.json")
def _endless_array() -> bytes:
    return b'[\n{"case": "' + b"x" * (130 << 20)


@makes("one_long_cell.csv")
def _one_long_cell() -> bytes:
    return (HEAD + "A," + "x" * (8 << 20) + ",2026-01-13T10:00:00Z,L1\n").encode() + LOG.encode()[len(HEAD) :]


@makes("one_long_line.json")
def _one_long_json() -> bytes:
    return b'[{"case": "A", "activity": "' + b"x" * (32 << 20)


@makes("zeros.csv")
def _zeros() -> bytes:
    return bytes(4 << 20)


@makes("many_quotes.csv")
def _many_quotes() -> bytes:
    return (HEAD + '"""""' * 200_000).encode()


# Archives


@makes("bomb.zip")
def _bomb_zip() -> bytes:
    return zipped({"log.csv": LOG.encode() + b"\n" * (230 << 20)})


@makes("bomb.csv.gz")
def _bomb_gz() -> bytes:
    return gzip.compress(bytes(230 << 20), 9, mtime=0)


@makes("bomb_of_many.zip")
def _bomb_of_many() -> bytes:
    return zipped({f"log{n:03}.csv": b"0" * (8 << 20) for n in range(27)})


@makes("many_members.zip")
def _many_members() -> bytes:
    return zipped({f"{n}.csv": "" for n in range(20_000)}, zipfile.ZIP_STORED)


@makes("bomb.xlsx")
def _bomb_book() -> bytes:
    return zipped({"xl/worksheets/sheet1.xml": b"<" * (230 << 20)})


@makes("nested.zip")
def _nested() -> bytes:
    return zipped({"inner.zip": zipped({"log.csv": LOG})})


@makes("nested_beside.zip")
def _nested_beside() -> bytes:
    return zipped({"inner.zip": zipped({"log.csv": LOG}), "outer.csv": LOG})


@makes("gz_of_gz.csv.gz")
def _gz_of_gz() -> bytes:
    return gzip.compress(gzip.compress(LOG.encode(), mtime=0), mtime=0)


@makes("zip_in_gz.zip.gz")
def _zip_in_gz() -> bytes:
    return gzip.compress(zipped({"log.csv": LOG}), mtime=0)


@makes("gz_in_zip.zip")
def _gz_in_zip() -> bytes:
    return zipped({"log.csv.gz": gzip.compress(LOG.encode(), mtime=0)})


@makes("truncated.csv.gz")
def _truncated_gz() -> bytes:
    return gzip.compress(LOG.encode() * 100, mtime=0)[:-40]


@makes("bad_checksum.csv.gz")
def _bad_checksum() -> bytes:
    packed = bytearray(gzip.compress(LOG.encode(), mtime=0))
    packed[-6] ^= 255
    return bytes(packed)


@makes("tail_after_gz.csv.gz")
def _tail() -> bytes:
    return gzip.compress(LOG.encode(), mtime=0) + b"and some words"


@makes("two_parts.csv.gz")
def _two_parts() -> bytes:
    cut = len(HEAD) + 5
    return gzip.compress(LOG.encode()[:cut], mtime=0) + gzip.compress(LOG.encode()[cut:], mtime=0)


@makes("truncated.zip")
def _truncated_zip() -> bytes:
    return zipped({"log.csv": LOG * 50})[:-30]


@makes("header_only.zip")
def _header_only_zip() -> bytes:
    return b"PK\x03\x04"


@makes("no_members.zip")
def _no_members() -> bytes:
    return zipped({})


@makes("empty_member.zip")
def _empty_member() -> bytes:
    return zipped({"log.csv": ""})


@makes("path_traversal.zip")
def _path_traversal() -> bytes:
    names = {"../../escaped.csv": "A,", "/tmp/rooted.csv": "B,", "C:\\x.csv": "C,"}
    return zipped({name: LOG.replace("A,", case) for name, case in names.items()})


@makes("symlink.zip")
def _symlink() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("passwd.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("log.csv", LOG)
    return target.getvalue()


@makes("encrypted.zip")
def _encrypted() -> bytes:
    packed = bytearray(zipped({"log.csv": LOG}, zipfile.ZIP_STORED))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


@makes("unknown_packing.zip")
def _unknown_packing() -> bytes:
    packed = bytearray(zipped({"log.csv": LOG}, zipfile.ZIP_STORED))
    packed[8] = 99
    packed[packed.index(b"PK\x01\x02") + 10] = 99
    return bytes(packed)


@makes("flipped_byte.zip")
def _flipped() -> bytes:
    packed = bytearray(zipped({"log.csv": LOG}, zipfile.ZIP_STORED))
    packed[packed.index(b"Opened")] ^= 32
    return bytes(packed)


@makes("export.7z")
def _seven() -> bytes:
    return b"7z\xbc\xaf\x27\x1c" + bytes(range(200))


@makes("export.csv.bz2")
def _bz2() -> bytes:
    import bz2

    return bz2.compress(LOG.encode())


@makes("export.csv.zst")
def _zst() -> bytes:
    return b"\x28\xb5\x2f\xfd" + bytes(range(100))


@makes("export.tar")
def _tar() -> bytes:
    import tarfile

    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        info = tarfile.TarInfo("log.csv")
        info.size = len(LOG)
        archive.addfile(info, io.BytesIO(LOG.encode()))
    return target.getvalue()


# Parquet and spreadsheets


@makes("truncated.parquet")
def _truncated_parquet() -> bytes:
    return parquet(case=["A"] * 999, activity=["x"] * 999, time=[WHEN] * 999)[:-20]


@makes("magic_only.parquet")
def _magic_only() -> bytes:
    return b"PAR1" + bytes(40) + b"PAR1"


@makes("damaged_page.parquet")
def _damaged_page() -> bytes:
    content = bytearray(parquet(case=[f"K{n}" for n in range(999)], activity=["x"] * 999, time=[WHEN] * 999))
    content[40:400] = b"\xff" * 360
    return bytes(content)


@makes("no_rows.parquet")
def _no_rows() -> bytes:
    import pyarrow as pa

    return parquet(case=pa.array([], "string"), activity=pa.array([], "string"), time=pa.array([], pa.timestamp("us")))


@makes("nested_types.parquet")
def _nested_types() -> bytes:
    return parquet(
        case=["A", "B"], activity=["x", "y"], time=[WHEN] * 2, team=[{"name": "L1"}, {"name": "L2"}], tags=[["a"], []]
    )


@makes("decimals_and_zones.parquet")
def _decimals() -> bytes:
    from decimal import Decimal

    import pyarrow as pa

    return parquet(
        case=pa.array([1, 2], "uint64"),
        activity=pa.array([b"x", b"\xff"], "binary"),
        time=pa.array([WHEN.replace(tzinfo=dt.UTC)] * 2, pa.timestamp("ns", "America/New_York")),
        value=pa.array([Decimal("12.50"), None], pa.decimal128(20, 2)),
    )


@makes("times_out_of_range.parquet")
def _times_out_of_range() -> bytes:
    import pyarrow as pa

    return parquet(
        case=["A", "B", "C"],
        activity=["x"] * 3,
        time=pa.array([-(2**62), 2**62, 1_768_298_400_000_000], pa.timestamp("us")),
    )


@makes("time_of_day.parquet")
def _time_of_day() -> bytes:
    return parquet(case=["A"], activity=["x"], time=[dt.time(10)])


@makes("same_names.parquet")
def _same_names() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(
        pa.Table.from_arrays(
            [pa.array(["A"]), pa.array(["x"]), pa.array([WHEN]), pa.array(["L1"])],
            names=["case", "activity", "time", "Case"],
        ),
        target,
    )
    return target.getvalue()


@makes("merged_header.xlsx")
def _merged_header() -> bytes:
    rows = [["Tickets", None, None, "Who"], *TABLE]
    return book(lambda made: made["Log"].merge_cells("A1:C1"), Log=rows)


@makes("hidden_sheet.xlsx")
def _hidden_sheet() -> bytes:
    other = [["case", "activity", "time", "team"], ["Z", "Secret", WHEN, "L9"]]
    return book(lambda made: setattr(made["Hidden"], "sheet_state", "hidden"), Hidden=other, Log=TABLE)


@makes("error_cells.xlsx")
def _error_cells() -> bytes:
    def change(made: Any) -> None:
        cell = made["Log"]["D2"]
        cell.value, cell.data_type = "#N/A", "e"
        cell = made["Log"]["C3"]
        cell.value, cell.data_type = "#VALUE!", "e"

    return book(change, Log=TABLE)


@makes("formulas.xlsx")
def _formulas() -> bytes:
    return book(Log=[TABLE[0], ["=1+1", "x", WHEN, "L1"], ["A", "Opened", WHEN, "=cmd|' /C calc'!A0"]])


@makes("serial_dates.xlsx")
def _serial_dates() -> bytes:
    return book(Log=[TABLE[0], ["A", "Opened", 46035.4166667, "L1"], ["A", "Closed", 46035.4583333, "L2"]])


@makes("dates_of_1904.xlsx")
def _dates_of_1904() -> bytes:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    return book(lambda made: setattr(made, "epoch", CALENDAR_MAC_1904), Log=TABLE)


@makes("texts_among_dates.xlsx")
def _texts_among_dates() -> bytes:
    return book(Log=[*TABLE, ["B", "Opened", "14.01.2026 10:00", "L1"], ["B", "Closed", "2026-01-15 10:00:00", "L1"]])


@makes("far_cell.xlsx")
def _far_cell() -> bytes:
    return book(lambda made: made["Log"].cell(1_000_000, 3, "x"), Log=TABLE)


@makes("farthest_cell.xlsx")
def _farthest_cell() -> bytes:
    return book(lambda made: made["Log"].cell(1_048_576, 16_384, "x"), Log=TABLE)


@makes("table_far_down.xlsx")
def _table_far_down() -> bytes:
    rows = [["Export of January"], [], *TABLE, [None, "x", "soon"]]
    return book(Log=[*([[]] * 99), *([None, *row] for row in rows)])


@makes("empty_book.xlsx")
def _empty_book() -> bytes:
    return book(Log=[])


@makes("no_book.xlsx")
def _no_book() -> bytes:
    return zipped({"hello.txt": "hello"})


@makes("locked_book.xlsx")
def _locked_book() -> bytes:
    names = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(2000)


def make(folder: Path, name: str) -> Path:
    """Write one of these files into a folder."""
    path = folder / name
    path.write_bytes(MAKERS[name]())
    return path


if __name__ == "__main__":
    for each in MAKERS:
        make(Path(sys.argv[1]), each)
