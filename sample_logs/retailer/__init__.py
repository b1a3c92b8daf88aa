"""The made-up retailer behind the sample logs: people, calendars, matters, and the writers of its exports."""
