"""What is taken out for good: a recipient everywhere, objects that no row names.

Imports every other room of storage: whoever erases has to know where everything is.
"""
