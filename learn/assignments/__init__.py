"""What a group is asked to do."""
