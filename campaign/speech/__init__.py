"""Script to spoken text: language spans, typed values, lexicon, normaliser, guard, trace."""
