"""Telephony and contact centres."""
