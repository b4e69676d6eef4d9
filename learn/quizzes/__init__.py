"""Taking a quiz: one question a page, feedback at once, a summary at the end."""
