"""The signed bundle that proves a campaign to a third party, and its check, which needs no installation."""
