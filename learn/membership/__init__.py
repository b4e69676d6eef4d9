"""Being in a group: joining it, choosing what is shared, leaving."""
