"""The report and the maps."""
