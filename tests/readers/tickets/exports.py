"""A history of `histories` as each system exports it: the files, ready to be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from miner.readers.tickets import (
    freshdesk,
    hubspot,
    jira,
    otrs,
    salesforce,
    servicenow_audit,
    servicenow_task,
    zammad,
    zendesk,
)
from tests.readers.reading import write
from tests.readers.tickets.histories import HOME, PEOPLE, TEAMS, History, rows_of

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
Files = dict[str, Any]  # name → content, as `write` takes it


def iso(at: int) -> str:
    """ms after the start, with milliseconds and zone."""
    return (START + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamp(at: int) -> str:
    """ms after the start to the second, rounded up, without a zone, as copied tables have it."""
    return (START + timedelta(seconds=-(-at // 1000))).strftime("%Y-%m-%d %H:%M:%S")


def csv(head: str, rows: list[list[Any]]) -> str:
    """A table."""
    return "\n".join([head, *(",".join("" if v is None else str(v) for v in row) for row in rows)]) + "\n"


def zendesk_audits(history: History) -> Files:
    """Audits with their side-loads."""
    named = {"team": "group_id", "agent": "assignee_id", "state": "status"}
    audits = []
    for number, (save, before) in enumerate(history.steps()):
        kind = "Change" if number else "Create"
        events = [
            {
                "type": kind,
                "field_name": named[name],
                "value": _zendesk(name, value),
                "previous_value": _zendesk(name, before[name]),
            }
            for name, value in save.sets.items()
        ]
        events += [{"type": "Comment", "public": save.says == "reply"}] if save.says else []
        audits.append(
            {
                "id": number + 1,
                "ticket_id": 1,
                "created_at": iso(save.at),
                "via": {"channel": "web"},
                "author_id": int(PEOPLE[save.by]),
                "events": events,
            }
        )
    users = [{"id": int(i), "name": n, "role": "end-user" if n == "cust" else "agent"} for n, i in PEOPLE.items()]
    groups = [{"id": int(i), "name": n} for n, i in TEAMS.items()]
    return {"a.json": {"audits": audits, "users": users, "groups": groups}}


def _zendesk(name: str, value: str | None) -> str | None:
    return value and {"team": TEAMS, "agent": PEOPLE}.get(name, {"resolved": "solved"}).get(value, value)


def zendesk_tables(history: History) -> Files:
    """The tables that Fivetran copies: comments are apart, times are seconds."""
    named = {"team": "group_id", "agent": "assignee_id", "state": "status"}
    fields = [
        [named[r["field"]], 1, stamp(r["at"]), PEOPLE[r["by"]], _zendesk(r["field"], r["new"])]
        for r in rows_of(history)
    ]
    comments = [
        [n, "b", stamp(save.at + save.late), save.says == "reply", 1, PEOPLE[save.by]]
        for n, save in enumerate(history.saves)
        if save.says
    ]
    users = [[i, n, "end-user" if n == "cust" else "agent", f"{n}@example.com", ""] for n, i in PEOPLE.items()]
    groups = [[i, n, "", "", f"https://x.zendesk.com/api/v2/groups/{i}.json"] for n, i in TEAMS.items()]
    return {
        "ticket_field_history.csv": csv("field_name,ticket_id,updated,user_id,value", fields),
        **({"ticket_comment.csv": csv("id,body,created,public,ticket_id,user_id", comments)} if comments else {}),
        "user.csv": csv("id,name,role,email,ticket_restriction", users),
        "group.csv": csv("id,name,created_at,updated_at,url", groups),
    }


def jira_rest(history: History) -> Files:
    """Issues with their changelog; comments are apart, times have milliseconds."""
    people = {
        n: {"accountId": i, "displayName": n, "accountType": "customer" if n == "cust" else "atlassian"}
        for n, i in PEOPLE.items()
    }
    named = {"team": "Team", "agent": "assignee", "state": "status"}
    histories, comments = [], []
    for number, (save, before) in enumerate(history.steps()):
        items = [
            {
                "field": named[name],
                "fromString": before[name],
                "toString": value,
                "from": PEOPLE.get(before[name] or "", before[name]),
                "to": PEOPLE.get(value or "", value),
            }
            for name, value in save.sets.items()
        ]
        if number and items:
            histories.append({"id": number, "author": people[save.by], "created": iso(save.at), "items": items})
        if save.says:
            comments.append(
                {
                    "id": number,
                    "author": people[save.by],
                    "created": iso(save.at + save.late),
                    "jsdPublic": save.says == "reply",
                    "body": "x",
                }
            )
    first = history.saves[0].sets
    issue = {
        "id": "1",
        "key": "S-1",
        "changelog": {"total": len(histories), "histories": histories},
        "fields": {
            "created": iso(0),
            "creator": people["cust"],
            "reporter": people["cust"],
            "Team": first["team"],
            "comment": {"comments": comments, "total": len(comments)},
        },
    }
    return {"a.json": {"issues": [issue]}}


def jira_tables(history: History) -> Files:
    """The tables that Fivetran copies."""
    named = {"team": "customfield_1", "agent": "assignee", "state": "status"}
    fields = [
        [named[r["field"]], 1, iso(r["at"]), {**PEOPLE, **TEAMS}.get(r["new"] or "", r["new"]), "true", PEOPLE[r["by"]]]
        for r in rows_of(history)
    ]
    comments = [
        [n, PEOPLE[save.by], "b", iso(save.at + save.late), str(save.says == "reply").lower(), 1]
        for n, save in enumerate(history.saves)
        if save.says
    ]
    issue = [[1, "S-1", 1, None, iso(0), "501", "501", stamp(0)]]
    return {
        "issue_field_history.csv": csv("field_id,issue_id,time,value,is_active,author_id", fields),
        "issue.csv": csv("id,key,issue_type,status,created,creator,reporter,_fivetran_synced", issue),
        **({"comment.csv": csv("id,author_id,body,created,is_public,issue_id", comments)} if comments else {}),
        "user.csv": csv(
            "id,_fivetran_synced,locale,time_zone,username,name",
            [[i, stamp(0), "en", "UTC", n, n] for n, i in PEOPLE.items()],
        ),
        "team.csv": csv("id,is_shared,is_visible,name,title", [[i, True, True, n, n] for n, i in TEAMS.items()]),
        "field.csv": csv("id,is_array,is_custom,name", [["customfield_1", False, True, "Team"]]),
    }


def audit_rows(history: History) -> Files:
    """ServiceNow's sys_audit: notes are changes as well; a record begins with the changes that route it."""
    named = {"team": "assignment_group", "agent": "assigned_to", "state": "state"}
    labels = {"new": "New", "open": "In Progress", "resolved": "Resolved", "closed": "Closed", "cancelled": "Canceled"}
    rows = [
        [
            named[r["field"]],
            "d1",
            labels.get(r["old"] or "", r["old"]),
            labels.get(r["new"] or "", r["new"]),
            {"cust": "guest"}.get(r["by"], r["by"]),
            stamp(r["at"]),
            r["save"],
        ]
        for r in rows_of(history)
    ]
    rows += [
        ["comments" if save.says == "reply" else "work_notes", "d1", None, "x", save.by, stamp(save.at + save.late), n]
        for n, save in enumerate(history.saves)
        if save.says
    ]
    return {"a.csv": csv("fieldname,documentkey,oldvalue,newvalue,user,sys_created_on,record_checkpoint", rows)}


def hubspot_v3(history: History) -> Files:
    """Versions of properties; notes are not among them. The team follows 50 ms later."""
    named = {"team": "hubspot_team_id", "agent": "hubspot_owner_id", "state": "hs_pipeline_stage"}
    stages = {"new": "1", "open": "2", "resolved": "3", "closed": "4", "cancelled": "5"}
    versions: dict[str, list[dict[str, Any]]] = {name: [] for name in named.values()}
    for row in rows_of(history):
        value = {**PEOPLE, **TEAMS, **stages}.get(row["new"] or "", row["new"])
        agent = row["by"] in HOME and row["field"] != "team"
        versions[named[row["field"]]].append(
            {
                "value": value,
                "timestamp": iso(row["at"] + 50 * (row["field"] == "team")),
                "sourceType": "CRM_UI" if agent else "CALCULATED" if row["field"] == "team" else "CUSTOMER_PORTAL",
                **({"updatedByUserId": PEOPLE[row["by"]]} if agent else {}),
            }
        )
    last = versions["hs_pipeline_stage"][-1]["value"]
    plain = {"hs_pipeline_stage": last, "createdate": iso(0), "source_type": "EMAIL"}
    closed = ("resolved", "closed", "cancelled")
    pipeline = {
        "id": "0",
        "label": "Support",
        "stages": [
            {"id": i, "label": n, "metadata": {"isClosed": str(n in closed).lower()}} for n, i in stages.items()
        ],
    }
    owners = [
        {
            "id": PEOPLE[n],
            "email": f"{n}@example.com",
            "firstName": n,
            "lastName": "",
            "userId": PEOPLE[n],
            "teams": [{"id": TEAMS[team], "name": team, "primary": True}],
        }
        for n, team in HOME.items()
    ]
    ticket = {"id": "1", "properties": plain, "propertiesWithHistory": versions}
    return {"a.json": {"results": [ticket]}, "p.json": {"results": [pipeline]}, "o.json": {"results": owners}}


def hubspot_tables(history: History) -> Files:
    """The tables that Fivetran copies, made of the same versions."""
    v3 = hubspot_v3(history)
    ticket, pipeline = v3["a.json"]["results"][0], v3["p.json"]["results"][0]
    versions = [
        [
            1,
            name,
            v["sourceType"],
            f"userId:{v['updatedByUserId']}" if "updatedByUserId" in v else "",
            v["timestamp"],
            v["value"],
        ]
        for name, found in ticket["propertiesWithHistory"].items()
        for v in found
    ]
    plain = ticket["properties"]
    stages = [
        [
            s["id"],
            s["label"],
            "0",
            "CLOSED" if s["metadata"]["isClosed"] == "true" else "OPEN",
            s["metadata"]["isClosed"],
        ]
        for s in pipeline["stages"]
    ]
    return {
        "ticket_property_history.csv": csv("ticket_id,name,source,source_id,timestamp_instant,value", versions),
        "ticket.csv": csv(
            "id,property_hs_pipeline_stage,property_createdate,property_source_type",
            [[1, plain["hs_pipeline_stage"], plain["createdate"], "EMAIL"]],
        ),
        "ticket_pipeline_stage.csv": csv("stage_id,label,pipeline_id,ticket_state,is_closed", stages),
        "o.json": v3["o.json"],  # copied tables of teams look like any other list of names
    }


def freshdesk_activities(history: History) -> Files:
    """Activities; a note is one of its own."""
    named = {"team": "group", "agent": "agent_id", "state": "status"}
    acts: list[dict[str, Any]] = []

    def add(at: int, by: str, activity: dict[str, Any]) -> None:
        when = START + timedelta(seconds=-(-at // 1000))
        acts.append(
            {
                "performed_at": when.strftime("%d-%m-%Y %H:%M:%S +0000"),
                "ticket_id": 1,
                "performer_type": "user",
                "performer_id": int(PEOPLE[by]),
                "activity": activity,
            }
        )

    for number, save in enumerate(history.saves):
        sets = {named[name]: PEOPLE.get(value or "", value) for name, value in save.sets.items()}
        add(save.at, save.by, sets | ({} if number else {"new_ticket": True, "requester_id": 501, "source": 1}))
        if save.says:
            add(save.at + save.late, save.by, {"note": {"id": number, "type": 0 if save.says == "reply" else 3}})
    agents = [{"id": int(PEOPLE[n]), "occasional": False, "ticket_scope": 1, "contact": {"name": n}} for n in HOME]
    return {"a.json": {"activities_data": acts}, "agents.json": json.dumps(agents)}


def otrs_table(history: History) -> Files:
    """Rows of ticket_history: one for each change, and for each article."""
    rows: list[list[Any]] = []
    now = {"queue": TEAMS["Desk"], "owner": "1"}

    def add(at: int, by: str, kind: str, name: str) -> None:
        person = "1" if by == "cust" else PEOPLE[by]
        rows.append([len(rows) + 1, name, kind, 1, now["queue"], now["owner"], 1, stamp(at), person])

    for number, (save, before) in enumerate(history.steps()):
        if not number:
            add(0, "cust", "NewTicket", "%%1%%Desk%%3 normal%%new%%1")
            add(0, "cust", "EmailCustomer", "%%x")
            continue
        for name, value in save.sets.items():
            old = before[name] or ""
            if name == "team":
                now["queue"] = TEAMS[value or ""]
                add(save.at, save.by, "Move", f"%%{value}%%{TEAMS[value or '']}%%{old}%%{TEAMS[old]}")
            elif name == "agent":
                now["owner"] = PEOPLE[value or ""]
                add(save.at, save.by, "OwnerUpdate", f"%%{value}%%{PEOPLE[value or '']}")
            else:
                add(save.at, save.by, "StateUpdate", f"%%{old}%%{value}%%")
        if save.says:
            add(save.at + save.late, save.by, "SendAnswer" if save.says == "reply" else "AddNote", "%%x")
    head = "id,name,history_type,ticket_id,queue_id,owner_id,state_id,create_time,create_by"
    users = [[PEOPLE[n], n, n, ""] for n in HOME]
    return {"h.csv": csv(head, rows), "users.csv": csv("id,login,first_name,last_name", users)}


def zammad_history(history: History) -> Files:
    """A history with its assets; an article is a row of its own."""
    named = {"team": "group", "agent": "owner", "state": "state"}
    rows: list[dict[str, Any]] = []
    internal: dict[str, dict[str, Any]] = {}

    def add(at: int, by: str, **more: Any) -> None:
        rows.append(
            {
                "id": len(rows) + 1,
                "o_id": 1,
                "created_by_id": int(PEOPLE[by]),
                "created_at": iso(at),
                "object": "Ticket",
                **more,
            }
        )

    ids = {**PEOPLE, **TEAMS, "new": "1", "open": "2", "resolved": "3", "closed": "4", "cancelled": "5"}
    for number, (save, before) in enumerate(history.steps()):
        if not number:
            add(0, "cust", type="created")
        for name, value in save.sets.items() if number else ():
            add(
                save.at,
                save.by,
                type="updated",
                attribute=named[name],
                value_from=before[name] or "-",
                value_to=value,
                id_from=int(ids.get(before[name] or "", "1")),
                id_to=int(ids[value or ""]),
            )
        if save.says:
            internal[str(900 + number)] = {"id": 900 + number, "internal": save.says == "note"}
            add(
                save.at + save.late,
                save.by,
                type="created",
                object="Ticket::Article",
                o_id=900 + number,
                related_o_id=1,
                related_object="Ticket",
            )
    users = {i: {"id": int(i), "firstname": n, "role_ids": [3 if n == "cust" else 2]} for n, i in PEOPLE.items()}
    groups = {i: {"id": int(i), "name": n} for n, i in TEAMS.items()}
    assets = {
        "User": users,
        "Group": groups,
        "TicketArticle": internal,
        "Ticket": {"1": {"id": 1, "customer_id": 501, "group_id": int(TEAMS["Desk"])}},
    }
    return {"a.json": {"history": rows, "assets": assets}}


def salesforce_tables(history: History) -> Files:
    """Case and CaseHistory; a team is the department of the owner, comments are not exported."""
    ids = {name: f"005000000{number}AAA" for name, number in PEOPLE.items()}
    queue, rows = "00G00000010AAAA", []
    for row in rows_of(history):
        if row["save"] and row["field"] != "team":
            owner = row["field"] == "agent"
            old = ids.get(row["old"] or "", queue) if owner else row["old"]
            rows.append(
                [
                    len(rows),
                    "500000000000001",
                    ids[row["by"]],
                    iso(row["at"]),
                    "Owner" if owner else "Status",
                    old,
                    ids[row["new"]] if owner else row["new"],
                ]
            )
    case = [["500000000000001", "1", None, queue, "Phone", iso(0), ids["cust"]]]
    users = [[ids[n], n, n, True, "CspLitePortal" if n == "cust" else "Standard", HOME.get(n)] for n in PEOPLE]
    return {
        "CaseHistory.csv": csv("Id,CaseId,CreatedById,CreatedDate,Field,OldValue,NewValue", rows),
        "Case.csv": csv("Id,CaseNumber,Status,OwnerId,Origin,CreatedDate,CreatedById", case),
        "User.csv": csv("Id,Name,Username,IsActive,UserType,Department", users),
    }


def incident_log(history: History) -> Files:
    """ServiceNow's incident log: all fields on every row, as they are after the update."""
    labels = {"new": "New", "open": "Active", "resolved": "Resolved", "closed": "Closed", "cancelled": "Canceled"}
    rows = []
    for number, (save, before) in enumerate(history.steps()):
        now = before | save.sets
        rows.append(["INC1", labels[now["state"] or ""], stamp(save.at), number, now["team"], now["agent"] or "?"])
    return {"log.csv": csv("number,incident_state,sys_updated_at,sys_mod_count,assignment_group,assigned_to", rows)}


def last_states(state: str) -> dict[str, tuple[ModuleType, Files]]:
    """A ticket in a state, opened at the start, by the systems whose exports can lack its history."""
    number = {"new": "2", "open": "2", "resolved": "4", "closed": "5", "cancelled": "9"}[state]
    incident = {"new": "1", "open": "2", "resolved": "6", "closed": "7", "cancelled": "8"}[state]
    fields = {"created": iso(0), "status": {"name": state}, "reporter": {"name": "cust"}, "issuetype": {"name": "x"}}
    ticket = {
        "id": 1,
        "requester_id": 501,
        "responder_id": None,
        "group_id": None,
        "status": int(number),
        "created_at": iso(0),
    }
    stages = [{"id": "7", "label": state, "metadata": {"isClosed": str(state not in ("new", "open")).lower()}}]
    return {
        "zendesk": (
            zendesk,
            {
                "ticket.csv": csv(
                    "id,requester_id,submitter_id,assignee_id,group_id,status,created_at",
                    [[1, 501, 501, 21, 10, "solved" if state == "resolved" else state, stamp(0)]],
                )
            },
        ),
        "jira": (jira, {"a.json": {"issues": [{"id": "1", "key": "S-1", "fields": fields}]}}),
        "hubspot": (
            hubspot,
            {
                "a.json": {"results": [{"id": "1", "properties": {"hs_pipeline_stage": "7", "createdate": iso(0)}}]},
                "p.json": {"results": [{"id": "0", "label": "Support", "stages": stages}]},
            },
        ),
        "freshdesk": (freshdesk, {"a.json": json.dumps([ticket | ({"status": state} if number == "9" else {})])}),
        "salesforce": (
            salesforce,
            {
                "Case.csv": csv(
                    "Id,CaseNumber,Status,OwnerId,Origin,CreatedDate",
                    [["500000000000001", "1", state, "00500000021AAAA", "Phone", iso(0)]],
                )
            },
        ),
        "servicenow": (
            servicenow_task,
            {
                "incident.csv": csv(
                    "sys_id,number,state,opened_at,sys_updated_on", [["d1", "INC1", incident, stamp(0), stamp(0)]]
                )
            },
        ),
    }


EXPORTS: dict[str, tuple[ModuleType, Callable[[History], Files], frozenset[str]]] = {
    "zendesk audits": (zendesk, zendesk_audits, frozenset()),
    "zendesk tables": (zendesk, zendesk_tables, frozenset()),
    "jira": (jira, jira_rest, frozenset()),
    "jira tables": (jira, jira_tables, frozenset()),
    "servicenow audit": (servicenow_audit, audit_rows, frozenset(("started",))),
    "hubspot": (hubspot, hubspot_v3, frozenset(("note", "message"))),
    "hubspot tables": (hubspot, hubspot_tables, frozenset(("note", "message"))),
    "freshdesk": (freshdesk, freshdesk_activities, frozenset()),
    "otrs": (otrs, otrs_table, frozenset()),
    "zammad": (zammad, zammad_history, frozenset()),
    "salesforce": (salesforce, salesforce_tables, frozenset(("note", "message"))),
}  # the reader, the export, and the types of events that such an export does not have


def written(folder: Path, files: Files) -> list[Path]:
    """The files in a folder."""
    return [write(folder, content, name) for name, content in files.items()]
