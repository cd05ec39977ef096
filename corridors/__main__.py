"""`python -m corridors` is the `corridors` command."""

from corridors.start import main

main()
