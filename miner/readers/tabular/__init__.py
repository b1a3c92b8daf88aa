"""Tables of any origin as events: dialect, columns, times, mapping, projection."""
