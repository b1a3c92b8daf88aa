"""The keys of a mapping, and the names that columns have for them in real exports."""

from __future__ import annotations

from miner.readers.shared.recorded import ATTRIBUTES as ATTRIBUTES

KEYS = (
    "case",
    "activity",
    "time",
    "start",
    "end",
    "team",
    "agent",
    "silo",
    "channel",
    "system",
    "customer",
    "intent",
    "outcome",
    "value",
    "region",
    "language",
    "score",
    "sentiment",
    "actor_type",
    "phone",
    "email",
    "name",
    "address",
    "postcode",
    "device",
    "text",
)
REQUIRED = ("case", "activity", "time")
# What tells who a customer was, beside a key of theirs: used in memory to find one customer, written nowhere.
PEOPLE = ("phone", "email", "name", "address", "postcode", "device")
TIMES = ("time", "start", "end")
OF_CASES = ("channel", "system", "customer", "intent", "outcome", "value")  # what an attribute of the case can be

# Names seen in real exports, the surest first; compared in lower case with everything but letters and digits dropped.
NAMES = {
    "case": "caseconceptname caseid casekey case ticketid ticketnumber "
    "ticket incidentid incidentnumber number issuekey issueid "
    "conversationid interactionid srnumber requestid orderid callid "
    "sessionid traceid journeyid problemid changeid processinstanceid dossier zaak documentkey",
    "activity": "conceptname activity activityname activityen activitytype incidentactivitytype "
    "event eventname activityid "
    "action task step statusname status state "
    "incidentstate eventtype operation phase transition fieldname field statuscode",
    "time": "timetimestamp timestamp timestamputc completetimestamp endtimestamp eventtimestamp time "
    "datetime eventtime eventdatetime eventdate occurredat occurredon happenedat loggedat recordedat ts "
    "changedat changedon sysupdatedat updatedat changedate changedatetime changetime "
    "sysupdatedon updatedon modifiedat modifiedon modifieddate lastmodified lastmodifieddate "
    "createdat createdon createddate creationdate creationtime datestamp activitytime performedat "
    "date created starttime start starttimestamp",
    "start": "starttimestamp starttime startedat start begin begintime startdate",
    "end": "endtimestamp endtime endedat end completetimestamp completiontime finish finishtime enddate",
    "team": "orggroup team teamname group groupname assignmentgroup "
    "assignedgroup supportteam supportgroup queue queuename skill "
    "serviceteam workgroup involvedst involvedownerst orgrole",
    "agent": "orgresource resource agent agentname agentid user "
    "username userid assignedto assignee employee operator performer "
    "owner ownername ownerfirstname originator",
    "silo": "silo department dept division businessunit orgline involvedorgline3 involvedstorgline3 "
    "organizationinvolved organisation organization orgrole",
    "channel": "channel contacttype medium contactchannel mediatype",
    "system": "system sourcesystem application app",
    "customer": "customer customerid customerkey client clientid callerid "
    "caller requester requesterid contactid accountid user_id",
    "intent": "intent contactreason reasonforcontact",
    "outcome": "outcome caseoutcome resolution disposition closecode closedcode result",
    "value": "value ordervalue amount casevalue revenue amountreq caseamountreq price",
    "region": "region customerregion",
    "language": "language customerlanguage",
    "score": "csat csatscore",
    "sentiment": "sentiment sentimentscore",
    "actor_type": "actortype",
    "phone": "customerphone customerphonenumber callerphone callernumber contactphone requesterphone ani",
    "email": "customeremail clientemail contactemail requesteremail calleremail",
    "name": "customername clientname contactname requestername callername",
    "address": "customeraddress customerstreet",
    "postcode": "customerpostcode customerzip customerpostalcode",
    "device": "deviceid customerdevice",
    "text": "",  # what was said or written is never looked for: who wants it used names it
}
