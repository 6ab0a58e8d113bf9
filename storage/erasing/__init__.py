"""What is taken out for good: a recipient everywhere, objects that no row names."""
