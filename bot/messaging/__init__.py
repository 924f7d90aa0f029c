"""Contacts, messages, the inbox and the outbox: what is stored, in which order it is answered."""
