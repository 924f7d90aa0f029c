"""SMS and WhatsApp through Twilio: signature, payloads, sending, error table."""
