"""Listening: whether a delivered file says what was to be said, value by value, by what a recogniser hears in it.

Imports recognisers, engines' plain types and finishing's decoders; no rows. `hearing` is the door.
"""
