"""A cell of somebody's file made fit to be spoken: what is certain is mended and told, what is not is an error.

`cleaning.py` mends what any text can suffer on its way, `nothing.py` knows what stands for an empty cell,
`spreadsheets.py` and `widths.py` what spreadsheets do to values, `flags.py` yes and no, `suspects.py` names that are
none, and `fitting.py` puts them together for one field.
"""
