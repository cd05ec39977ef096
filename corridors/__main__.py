"""`python -m corridors` runs the command `corridors`."""

from corridors.start import main

main()
