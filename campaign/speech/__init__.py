"""Script to spoken text: template, language spans, typed values, lexicon, normaliser, guard, trace.

`front_end.py` reads as the list of its stages. Pure: no row, no file of a campaign, no clock; the same text gives the
same words. Imports errors, and of workers and storage only their plain types (spans, canonical JSON, data files).
"""
