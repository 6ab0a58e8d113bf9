"""What was made, in the forms people and programs read: manifest, report, the operator's result list."""
