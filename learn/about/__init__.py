"""Standing pages: help, glossary, source, privacy."""
