"""The declared set of activities that ask for something, by topic: a second one of a topic in a journey asks again."""

from __future__ import annotations

ASKING: dict[str, tuple[str, ...]] = {
    "identity": (
        "identify",
        "identified",
        "identification",
        "identify customer",
        "customer identified",
        "re identify",
        "re identified",
        "reidentify",
        "reidentified",
        "reidentification",
        "identify again",
    ),
    "verification": (
        "verify",
        "verified",
        "verification",
        "verify identity",
        "identity verified",
        "verify customer",
        "customer verified",
        "authenticate",
        "authenticated",
        "authentication",
        "re verify",
        "re verified",
        "reverify",
        "reverified",
        "re authenticate",
        "reauthenticate",
        "reauthentication",
        "verify again",
        "security check",
    ),
    "description": (
        "describe",
        "described",
        "describe problem",
        "problem described",
        "describe issue",
        "issue described",
        "re describe",
        "redescribe",
        "redescribed",
        "describe again",
        "explain again",
        "intake",
        "take details",
        "details taken",
    ),
}


def plain(activity: str) -> str:
    """An activity as it is compared: small letters, with blanks for hyphens and underlines."""
    return " ".join(activity.lower().replace("_", " ").replace("-", " ").split())


def declared(activities: list[str], asking: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """The activities of a log that are of a topic, as pairs of activity and topic."""
    words = {(topic, plain(word)) for topic, its in asking.items() for word in its}
    topics = sorted(asking)
    return [(activity, topic) for activity in activities for topic in topics if (topic, plain(activity)) in words]
