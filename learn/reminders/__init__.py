"""Reminders for the reader’s own calendar. Nothing about them is stored."""
