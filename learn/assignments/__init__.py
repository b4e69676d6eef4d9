"""Assignments of a group: lessons, a quiz, or questions before and after; also printed."""
