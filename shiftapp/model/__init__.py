"""The rules and their SQL, one noun a file: plain values in, plain values out."""
