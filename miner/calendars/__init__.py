"""Working hours: calendar files, and the open hours, holidays and time zones of teams as tables of the engine."""

from __future__ import annotations

from miner.calendars.calendar_file import Calendar, Calendars, load_calendars

__all__ = ["Calendar", "Calendars", "load_calendars"]
