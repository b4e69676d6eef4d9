"""The list of questions for the care team."""
