"""The queue of record: campaigns, utterances and assets as work, with leases, fences and suspects.

`leases.py` claims, `demand.py` says who needs which utterance, `campaigns.py` holds the states; `bulk.py` inserts,
`remake.py` and `reviews.py` plan further versions. No bell is needed for anything here to be right. Imports history
and registry, and what stands below them.
"""
