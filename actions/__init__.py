"""Rasa custom actions: what the dialogue does. They say only what stands under content/."""
