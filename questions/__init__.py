"""Question bank and its engine: grading, selection, memory, and item analysis.

Independent of the web, the database, and the clock: the time and a random generator are
arguments, and every value is immutable.
"""
