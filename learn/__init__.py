"""The web application and the lessons."""
