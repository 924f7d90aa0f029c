"""Handing a person over to a partner organisation: who fits, when, and why. Pure; no Django."""
