"""Answers of any API: the list that holds the records, the lists in them, and paths that are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from tests.readers.reading import Reading
from tests.readers.tabular.looking import look

ROWS = [
    {
        "incidentid": f"I{n // 3}",
        "statuscode": ("Active", "In Progress", "Resolved")[n % 3],
        "modifiedon": f"2024-03-0{1 + n // 3}T10:0{n % 3}:00Z",
        "_ownerid_value": f"u{n % 2}",
    }
    for n in range(9)
]
MAP = {"case": "incidentid", "activity": "statuscode", "time": "modifiedon", "agent": "_ownerid_value"}
LINKS = {"next": "https://api.example.com/?page=2", "prev": None}


def answer(folder: Path, content: Any, **options: Any) -> Reading:
    """The reading of an answer of an API as a file."""
    return look(folder, json.dumps(content, indent=1), "page.json", **options)


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ({"@odata.context": "https://x/$metadata#incidents", "value": ROWS, "@odata.nextLink": "https://x"}, "value"),
        ({"data": ROWS}, "data"),
        ({"data": ROWS, "meta": {"next_cursor": None, "count": 9}}, "data"),
        ({"tickets": ROWS, "count": 9, "next_page": None}, "tickets"),
        (
            {"_embedded": {"conversations": ROWS}, "page": {"size": 25, "number": 1}, "_links": {}},
            "_embedded.conversations",
        ),
        ({"result": {"records": ROWS}}, "result.records"),
        ({"resultSet": {"completedContacts": ROWS}}, "resultSet.completedContacts"),
        ({"status": "ok", "response": {"paging": LINKS, "items": ROWS}}, "response.items"),
        ({"links": LINKS, "data": ROWS, "included": [{"id": 1}]}, "data"),
        ({"tickets": ROWS, "users": [{"id": n, "name": "A"} for n in range(40)], "end_time": 1}, "tickets"),
        ([{"value": ROWS[:4]}, {"value": ROWS[4:]}], "value"),
    ],
    ids=[
        "odata",
        "data",
        "data and meta",
        "named after its objects",
        "hal",
        "nested",
        "set",
        "envelope",
        "json api",
        "side loaded",
        "several pages",
    ],
)
def test_the_list_of_an_answer_is_unfolded_and_said(tmp_path: Path, page: Any, path: str) -> None:
    """Whatever lies around it, the list that holds the events is read as if it were the file, and named."""
    found = answer(tmp_path, page, columns=MAP)
    assert found.column("interaction_id") == [row["incidentid"] for row in ROWS]
    assert found.column("agent") == [row["_ownerid_value"] for row in ROWS]
    note = found.note("records_at")
    assert note and f"the list {path!r}" in note.message
    others = "included" if "json api" in str(page) else "users" if "users" in page else None
    assert others is None or f"others are {others!r}" in note.message


def test_each_record_of_an_answer_names_its_own_line(tmp_path: Path) -> None:
    """Lines are those of the file, also deep inside of an envelope."""
    text = '{"result": {\n"records": [\n' + ",\n".join(map(json.dumps, ROWS)) + "\n]}}\n"
    assert look(tmp_path, text, "page.json", columns=MAP).column("line") == list(range(3, 12))


def test_pages_a_line_are_unfolded(tmp_path: Path) -> None:
    """Answers that a program has put one a line are one log."""
    text = "".join(json.dumps({"value": ROWS[n : n + 3], "@odata.nextLink": "x"}) + "\n" for n in (0, 3, 6))
    found = look(tmp_path, text, "pages.jsonl", columns=MAP)
    assert found.column("line") == [1] * 3 + [2] * 3 + [3] * 3


def test_records_that_hold_lists_stay_records(tmp_path: Path) -> None:
    """An event with attachments is no answer: it is read as one event, and its list is named with the option."""
    event = {"case": "A", "time": "2026-01-02T10:00:00Z", "files": [{"name": "x"}]}
    events = [{**event, "activity": f"a{n}"} for n in (1, 2)]
    for content in (json.dumps(events), "".join(json.dumps(event) + "\n" for event in events), json.dumps(events[0])):
        found = look(tmp_path, content, "log.json")
        assert set(found.column("activity")) <= {"a1", "a2"} and found.note("records_at") is None
        note = found.note("lists_inside")
        assert note and "--records-at files" in note.message


CONVERSATIONS = {
    "_embedded": {
        "conversations": [
            {
                "number": 7,
                "status": "closed",
                "createdAt": "2017-04-21T14:39:56Z",
                "assignee": {"id": 1},
                "_embedded": {
                    "threads": [
                        {"id": 10, "type": "customer", "createdAt": "2017-04-21T14:40:24Z"},
                        {"id": 11, "type": "message", "createdAt": "2017-04-21T14:41:24Z"},
                    ]
                },
            },
            {
                "number": 8,
                "status": "active",
                "_embedded": {"threads": [{"id": 12, "type": "customer", "createdAt": "2017-04-21T15:40:24Z"}]},
            },
        ]
    },
    "page": {"size": 25},
}


def test_a_list_inside_of_records_is_read_with_the_fields_of_its_record(tmp_path: Path) -> None:
    """`--records-at` names a list in a list: its elements are the events, and what holds them tells the case."""
    found = answer(
        tmp_path,
        CONVERSATIONS,
        records_at="_embedded.conversations._embedded.threads",
        columns={"case": "conversations.number", "activity": "type", "time": "createdAt"},
    )
    assert found.column("interaction_id") == ["7", "7", "8"]
    assert found.column("activity") == ["customer", "message", "customer"]
    assert {"conversations.status", "conversations.assignee.id", "id"} <= set(found.reports[0].unmapped)
    outer = answer(tmp_path, CONVERSATIONS)
    note = outer.note("lists_inside")
    assert note and "--records-at _embedded.conversations._embedded.threads" in note.message


@pytest.mark.parametrize("before", [True, False])
def test_the_history_of_one_record_is_read_with_its_own_fields(tmp_path: Path, before: bool) -> None:
    """A ticket that holds its history gives its own fields to each step, whichever stands first."""
    steps = [{"status": "new", "at": "2026-01-02T10:00:00Z"}, {"status": "done", "at": "2026-01-02T11:00:00Z"}]
    ticket = {"id": 5, "history": steps} if before else {"history": steps, "id": 5}
    columns = {"case": "record.id", "activity": "status", "time": "at"}
    for content in (json.dumps(ticket), json.dumps([ticket]), json.dumps(ticket) + "\n" + json.dumps(ticket) + "\n"):
        found = look(tmp_path, content, "ticket.json", records_at="history", columns=columns)
        assert set(found.column("interaction_id")) == {"5"} and found.column("activity")[:2] == ["new", "done"]


def test_a_path_without_a_list_is_an_error_that_names_the_lists(tmp_path: Path) -> None:
    """A wrong `--records-at` says which lists there are."""
    with pytest.raises(InputError) as error:
        answer(tmp_path, {"data": ROWS}, records_at="value")
    assert "no record at 'value'" in str(error.value) and "its lists are: data" in str(error.value)


def test_what_is_no_object_in_a_list_is_rejected(tmp_path: Path) -> None:
    """A text among the records of an answer is left out and counted."""
    found = answer(tmp_path, {"value": [*ROWS, "end"]}, columns=MAP)
    assert len(found.events) == 9 and [r["reason"] for r in found.rejects] == ["an object was expected, not text"]


def test_an_answer_longer_than_what_is_looked_at_is_read_whole(tmp_path: Path) -> None:
    """The list is told by the beginning of the file alone, and read to its end."""
    many = [{**ROWS[n % 9], "incidentid": f"I{n}", "title": "x" * 200} for n in range(3_000)]
    for page in ({"meta": {"count": 3_000}, "data": many}, {"result": {"records": many}}):
        assert len(answer(tmp_path, page, columns=MAP).events) == 3_000


def mapped(system: str) -> dict[str, Any]:
    """The options that docs/sources.md gives for the first answer of a system."""
    text = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    words = next(line for line in text.splitlines() if line.startswith(f"| {system} |")).split("`")[-2].split()
    pairs = list(zip(words[::2], words[1::2], strict=True))
    path = next((value for option, value in pairs if option == "--records-at"), None)
    return {"columns": dict(v.split("=") for option, v in pairs if option == "--map"), "records_at": path, "tz": "UTC"}


AT = "2026-03-02T10:00:00Z"
ANSWERS: dict[str, Any] = {
    "Dynamics 365": {
        "@odata.context": "x",
        "value": [{"_objectid_value": "I0", "action": 2, "createdon": AT, "_userid_value": "u1"}],
    },
    "Help Scout": CONVERSATIONS,
    "Gorgias": {
        "data": [
            {
                "id": 1,
                "type": "ticket-assigned",
                "object_type": "Ticket",
                "object_id": 55,
                "created_datetime": AT,
                "user_id": 3,
                "data": {},
            }
        ],
        "meta": {"next_cursor": None},
    },
    "Kustomer": {
        "data": [
            {
                "type": "message",
                "id": "m",
                "attributes": {"createdAt": AT, "channel": "email"},
                "relationships": {"conversation": {"data": {"id": "c1"}}, "createdBy": {"data": {"id": "u"}}},
            }
        ],
        "links": {"next": None},
        "meta": {"pageSize": 100},
    },
    "Zoho Desk": {
        "ticket": "101",
        "data": [
            {
                "eventName": "TicketUpdated",
                "eventTime": AT,
                "actor": {"name": "Ann"},
                "eventInfo": [{"propertyName": "Status"}],
            }
        ],
    },
    "CXone": {
        "resultSet": {
            "completedContacts": [
                {
                    "masterContactId": "2",
                    "state": "EndContact",
                    "contactStart": AT,
                    "teamName": "Call Center",
                    "agentId": "9",
                }
            ]
        }
    },
}


@pytest.mark.parametrize("system", ANSWERS)
def test_the_mappings_of_the_documentation_read_the_answers(tmp_path: Path, system: str) -> None:
    """Each row of the table of answers opens an answer of that system: case, activity and time of every event."""
    options = mapped(system)
    if system == "Help Scout":  # who wrote is not in this small answer
        options["columns"] = {k: v for k, v in options["columns"].items() if k not in ("agent", "actor_type")}
    found = look(tmp_path, json.dumps(ANSWERS[system]), "answer.json", **options)
    assert found.events and not found.rejects
    assert set(options["columns"]) <= set(found.reports[0].columns)
