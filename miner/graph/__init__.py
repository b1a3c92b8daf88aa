"""The graph of interactions: its schema, the embedded engine, and the library of queries."""
