"""What a worker sends to others: webhooks to subscribers, sound to a service that listens."""
