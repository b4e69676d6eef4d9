"""What authors run and the site never does: measure content, compare sources, scaffold, analyze."""
