"""Readers' reports of mistakes."""
