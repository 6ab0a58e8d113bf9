"""What an author tries before sending: one text, a few rows, a template in the editor, names ranked by risk.

Everything that sounds goes the way of a campaign, on the preview lane, so that what was heard is what will be sent.
Imports operations and what stands below it; never another of its floor (rerender, gate).
"""
