"""What a worker sends to others: webhooks to subscribers, sound to a service that listens.

Imports PCM and engines' plain types, and the rows that say to whom; never what makes the sound.
"""
