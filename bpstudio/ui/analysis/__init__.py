"""What the panels about one parameter are made of: paths, samples, the numeric check."""
