"""Asking the questions, recording the answers, and showing feedback."""
