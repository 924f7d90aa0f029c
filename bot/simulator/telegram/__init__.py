"""The stand-in for Telegram's Bot API: methods, keyboards, updates by webhook or polling."""
