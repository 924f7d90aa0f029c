"""Where conversations and cases meet: run by the worker, as the owner of the tables.

It plugs into bot.messaging (bot.messaging.partners), which knows nothing of the console.
"""
