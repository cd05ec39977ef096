"""The arguments and options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Print the seconds of each step, and every warning in full.")
]
LogJson = Annotated[
    Path | None, typer.Option("--log-json", help="File to write each step and warning to, one JSON object a line.")
]
Finished = Annotated[Path, typer.Argument(help="Folder of a finished run.")]
