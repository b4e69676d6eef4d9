"""List of questions for the care team."""
