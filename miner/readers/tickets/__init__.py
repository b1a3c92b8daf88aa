"""Help desks and other systems of tickets."""
