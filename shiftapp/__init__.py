"""shiftapp: pre-shift safety commitments and pointing-and-calling."""

__version__ = "0.1.0"
