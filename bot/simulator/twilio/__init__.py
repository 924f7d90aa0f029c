"""The stand-in for Twilio: Messages, Content, numbers, callbacks and inbound webhooks."""
