"""What several readers need, and what a reader from outside may use: the same rules for the same matters."""
