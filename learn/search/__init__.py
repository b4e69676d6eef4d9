"""Search over lessons, the glossary, Get help, and resources."""
