"""`python -m tests.support.light_run WORDS...`: the command line in a process of its own, and one small picture for each."""

from corridors.start import main
from tests.support.cli import no_pictures

if __name__ == "__main__":
    with no_pictures():
        main()
