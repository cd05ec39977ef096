"""The options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say how long each step took, and every warning.")]
LogJson = Annotated[Path | None, typer.Option("--log-json", help="Also write each step and warning as a line of JSON.")]
