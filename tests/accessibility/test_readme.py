"""The engine's README names only tests and test files that exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
README = HERE.parent.parent / "accessibility" / "README.md"


def test_every_test_named_in_the_readme_exists() -> None:
    text = README.read_text(encoding="utf-8")
    files = {path.name: path.read_text(encoding="utf-8") for path in HERE.parent.rglob("test_*.py")}
    assert set(re.findall(r"test_\w+\.py", text)) <= set(files)
    defined = {name for source in files.values() for name in re.findall(r"^def (test_\w+)", source, re.M)}
    named = set(re.findall(r"\b(test_\w+)\b(?!\.py)", text))
    assert len(named) > 25
    assert named <= defined, named - defined
