"""Report a mistake."""
