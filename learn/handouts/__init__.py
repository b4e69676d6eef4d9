"""Handouts: one page on paper for each wrong idea and for each lesson."""
