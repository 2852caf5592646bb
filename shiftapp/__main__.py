"""`python -m shiftapp` is the command `shiftapp`."""

from shiftapp.cli import main

main()
