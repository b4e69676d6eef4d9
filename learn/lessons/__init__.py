"""The lessons: their list, and a page for each."""
