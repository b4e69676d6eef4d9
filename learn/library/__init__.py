"""Lessons, the source ledger, and the glossary: files that are read once and never change."""
