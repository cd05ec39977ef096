"""`python -m corridors` is the `corridors` command."""

from corridors.cli import main

main()
