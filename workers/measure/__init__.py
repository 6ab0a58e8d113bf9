"""Measures of speech: pitch, noise, clipping, rate, DNSMOS, likeness. What is not installed measures None, never 0.

Imports engines' plain types (PCM) and of finish the loudness, no rows; models load when they are first asked.
"""
