"""Measures of speech against sounds whose answer is known."""
