"""The engine's README names only tests and test files that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
README = TESTS.parent / "accessibility" / "README.md"


def test_every_test_named_in_the_readme_exists() -> None:
    text = README.read_text(encoding="utf-8")
    files = list(TESTS.rglob("test_*.py"))
    assert set(re.findall(r"test_\w+\.py", text)) <= {path.name for path in files}
    sources = (path.read_text(encoding="utf-8") for path in files)
    defined = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.M)}
    named = set(re.findall(r"\b(test_\w+)\b(?!\.py)", text))
    assert len(named) > 25
    assert named <= defined, named - defined
