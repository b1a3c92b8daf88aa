"""Formats that belong to no system: XES and its like."""
