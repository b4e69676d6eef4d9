"""The standing pages: help, glossary, source, privacy."""
