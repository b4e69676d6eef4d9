"""What somebody has to look at: questions under review, and mistakes that readers report."""
