"""What a campaign is: text, plans, decisions. CPU only."""
