"""The commands to begin with: `corridors schema` and `corridors init`."""

from pathlib import Path
from typing import Annotated

import typer

from corridors.runtime.printing import say


def schema(
    scenario: Annotated[
        bool, typer.Option("--scenario", help="Give the schema of scenario files instead of that of configurations.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="File to write. Default: print the schema.")] = None,
) -> None:
    """Give the JSON Schema of configurations or of scenario files, by which editors complete and check them.

    An editor finds it by the first line of a file: #:schema ./corridors.schema.json
    """
    from corridors.config.schema import config_schema, is_schema, schema_text
    from corridors.errors import OutputError
    from corridors.runtime.whole_files import whole_file
    from corridors.scenarios.files.schema import scenario_schema

    text = schema_text(scenario_schema() if scenario else config_schema())
    if out is None:
        say(text.rstrip())
        return
    if out.exists() and not is_schema(out):
        raise OutputError(
            f"{out} is there already and is no schema of this tool; move it away, or choose another --out"
        )
    with whole_file(out) as partial:
        partial.write_text(text, encoding="utf-8")
    say(f"written to {out}")
