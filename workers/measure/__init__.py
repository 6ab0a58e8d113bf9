"""Measures of speech: pitch, noise, clipping, rate, DNSMOS, likeness. What is not installed measures None, never 0."""
