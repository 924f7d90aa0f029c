"""Our side of Rasa: the client that the worker uses, and the channel and stores inside Rasa."""
