"""Maps: which activity follows which, and which team hands over to which."""
