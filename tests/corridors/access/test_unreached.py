"""What is not known or not reached is counted with its residents."""

import numpy as np
import pandas as pd

from corridors.access.unreached import jobs_warnings


def test_jobs_that_nobody_gives_are_counted() -> None:
    values = pd.DataFrame({"population": [100.0, 250.0, np.nan], "jobs": [5.0, np.nan, np.nan]}, index=["a", "b", "c"])
    (warning,) = jobs_warnings(values)
    assert (warning.code, warning.count, warning.sample) == ("jobs_not_known", 2, ("b", "c"))
    assert "with 250 residents" in warning.effect


def test_jobs_known_everywhere_or_not_asked_for_are_no_warning() -> None:
    assert jobs_warnings(pd.DataFrame({"population": [1.0], "jobs": [0.0]})) == ()
    assert jobs_warnings(pd.DataFrame({"population": [1.0]})) == ()
