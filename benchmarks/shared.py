"""Where the shared test data is: beside the project, never in it."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "data"
WEST_MIDLANDS = SHARED / "west_midlands"
PORTO_ALEGRE = SHARED / "porto_alegre"
NEWPORT = SHARED / "newport"
SAO_PAULO = SHARED / "sao_paulo"
