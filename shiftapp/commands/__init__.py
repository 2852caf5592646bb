"""The command line: one command a file. Opens an install, calls the model, prints. No rules."""
