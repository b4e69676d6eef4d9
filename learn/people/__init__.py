"""Named members of a group: what each has understood, and before and after."""
