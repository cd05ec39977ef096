"""The page's scripts: their pure functions by node's own test runner, and a few rules that a linter would check.

node is used in development only; nothing that runs needs it. The rules are read off the text, so they work without it.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from maps.web.page import ANY_ZONE_SCRIPTS, PLANNER_SCRIPTS, SERIES_SCRIPTS, asset

TESTS = sorted((Path(__file__).parent / "scripts").glob("*.test.js"))
NAMES = (*PLANNER_SCRIPTS, *SERIES_SCRIPTS, *ANY_ZONE_SCRIPTS)
SCRIPTS = {name: asset(f"planner/{name}") for name in NAMES}
TEXT_INTO_MARKUP = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "bindPopup", "bindTooltip",
)  # fmt: skip
ASKING_OR_KEEPING = (
    "fetch(", "XMLHttpRequest", "WebSocket", "EventSource", "sendBeacon", "import(", "importScripts", "Worker(", ".src =",
    "localStorage", "sessionStorage", "indexedDB", "cookie",
)  # fmt: skip


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if not found:
        pytest.skip("no node on this machine: the scripts' unit tests need it, the planner does not")
    return found


def code_of(name: str) -> str:
    """The script without its comments."""
    return re.sub(r"(^|\s)//[^\n]*", r"\1", SCRIPTS[name])


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_the_pure_functions_of_the_scripts_do_as_their_tests_say(node: str, file: Path) -> None:
    done = subprocess.run([node, "--test", str(file)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), "no test ran"


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_strict_javascript(node: str, name: str, tmp_path: Path) -> None:
    """A module is always strict, wherever in the page the script stands."""
    module = tmp_path / f"{name.removesuffix('.js')}.mjs"
    module.write_text(SCRIPTS[name], encoding="utf-8")
    done = subprocess.run([node, "--check", str(module)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_script_neither_makes_markup_of_text_nor_asks_nor_keeps_anything(name: str) -> None:
    assert [words for words in (*TEXT_INTO_MARKUP, *ASKING_OR_KEEPING) if words in code_of(name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_script_declares_no_var_and_compares_strictly(name: str) -> None:
    assert not re.findall(r"\bvar\b", code_of(name))
    assert not re.findall(r"[^=!<>]==[^=]|!=[^=]", code_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_script_declares_it_uses(name: str) -> None:
    code = code_of(name)
    declared = set(re.findall(r"^\s*(?:function|const|let) (\w+)", code, re.MULTILINE))
    for listed in re.findall(r"\b(?:const|let) [{\[]([^=]*?)[}\]] =", code):
        declared |= set(re.findall(r"\w+", re.sub(r"\w+:", "", listed)))
    assert {one for one in declared if len(re.findall(rf"\b{one}\b", code)) < 2} == set()


def test_a_script_uses_only_what_it_and_those_before_it_offer_and_all_that_is_offered_is_used() -> None:
    offered: set[str] = set()
    used: set[str] = set()
    for name in PLANNER_SCRIPTS:
        code = code_of(name)
        offered |= set(re.findall(r"^planner\.(\w+) = ", code, re.MULTILINE))
        wanted = set(re.findall(r"\bplanner\.(\w+)", re.sub(r"^planner\.\w+ = ", "", code, flags=re.MULTILINE)))
        wanted |= {one for listed in re.findall(r"\{([^{}]*)\} = planner;", code) for one in re.findall(r"\w+", listed)}
        assert wanted <= offered, f"{name}: {wanted - offered}"
        used |= wanted
    assert offered - used == {"start"}  # called by the page itself
