"""Values found in prose: which pieces of a text are amounts, dates, times, codes, and in which shapes they come.

`tokeniser.py` cuts, `patterns.py` and `shapes.py` say what a value looks like, `meanings.py` and `worded.py` what it
is. How a value is then said is `verbalise`'s.
"""
