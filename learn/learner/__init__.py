"""What several pages read about one learner: activity, progress, assignments, and the next step."""
