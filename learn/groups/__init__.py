"""Groups, for the educators who lead them: make, rename, let people in, put away."""
