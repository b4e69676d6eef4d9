"""Ask the room: a question on the projector, answered on phones without an account.

What is kept leads to nobody: numbers, and while a question is open, a mark for each phone that has
answered. Everything goes when the room ends.
"""
