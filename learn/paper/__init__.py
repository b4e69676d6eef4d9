"""A quiz on paper: printed for a group, and typed in afterwards, a row for each paper.

Papers have a number and no name, and tables of their own: no figure about accounts counts them, and
no figure about papers counts an account.
"""
