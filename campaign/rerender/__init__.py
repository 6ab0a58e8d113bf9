"""Whatever makes a new version of a delivered file: a replaced pin, preset or lexicon, and a rejected take.

`replacement.py` says what takes whose place, `impact.py` what would change, `rerender.py` plans it, `differences.py`
shows it, `review.py` is a person's word. Imports operations and what stands below it; never another of its floor.
"""
