"""Web application and the lessons."""
