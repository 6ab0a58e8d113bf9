"""Recognisers: one port, and those that can be had. Each hears in a process of its own or asks a server.

Imports engines' plain types (PCM) and how a child is spoken with; no rows, no judgement: `workers.listening` judges.
"""
