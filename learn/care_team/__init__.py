"""The sheet of questions for the care team."""
