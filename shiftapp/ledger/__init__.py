"""The public log's bytes: encodings, entries, signed notes, receipts and the keys behind them.

Pure: no database, no clock, no randomness. Formats: formats.md "Bytes"; C2SP signed-note.
"""
