"""Stand-in phones and providers: demonstration, tests and benchmarks without a network.

One small ASGI application speaks enough of Twilio's REST API and of Telegram's Bot API that
Haki's channel code runs unchanged against it, signatures included. State lives in memory and is
bounded. See ``bot/simulator/README.md``.
"""
