"""The bytes that are hashed, signed and published: encodings, entries, notes, receipts, keys.

Pure where it can be. Formats: the addendum "Bytes" of the design, C2SP signed notes, RFC 6962.
"""
