"""Browser tests are skipped with the reason where there is no browser, and fail there in continuous integration."""

import shutil

import pytest

from tests.maps.browser import chromium_path


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_chromium(monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Chromium"):
        chromium_path()
