"""Pronunciation rules: read (TSV, PLS), checked, digested, and matched in a campaign's texts."""
