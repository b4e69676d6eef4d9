"""The engine and the bank: questions, grading, selection and memory.

Nothing here knows the web, a database or a clock: time and randomness are arguments,
and every value is immutable.
"""
