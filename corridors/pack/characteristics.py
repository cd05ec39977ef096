"""Who has a protected characteristic (Equality Act 2010, section 4), by fields of layers, and who of them meets the test."""

from collections.abc import Iterator, Mapping

import geopandas as gpd
import pandas as pd

from corridors.places.places import MIN_PEOPLE
from corridors.results import Results

ACT = "Equality Act 2010, section 4"
# Characteristic -> (field of the zones, title, whether it is a share of residents instead of a count). The last entry of a
# characteristic may be a beginning of names: fields of a layer that are called so are taken with their own names.
_FIELDS: Mapping[str, tuple[tuple[str, str, bool], ...]] = {
    "Age": (
        ("age_0_14", "Residents under 15", False),
        ("working_age", "Residents of working age", False),
        ("age_65plus", "Residents 65 and over", False),
    ),
    "Disability": (
        ("disability_share", "Disabled residents", True),
        ("longterm_sick", "Long-term sick or disabled, of 16 and over", False),
    ),
    "Gender reassignment": (("gender_", "", False),),
    "Marriage and civil partnership": (("marriage_", "", False),),
    "Pregnancy and maternity": (("pregnancy_", "", False),),
    "Race": (
        ("ethnicity_asian", "Asian residents", False),
        ("ethnicity_black", "Black residents", False),
        ("ethnicity_mixed", "Residents of mixed ethnicity", False),
        ("ethnicity_other", "Residents of other ethnicity", False),
        ("ethnicity_white", "White residents", False),
    ),
    "Religion or belief": (("religion_", "", False),),
    "Sex": (("sex_", "", False),),
    "Sexual orientation": (("orientation_", "", False),),
}
EVERYONE, BESIDE = "Everyone", "Beside them"
_BESIDE = (
    ("households_no_car", "Households without a car", False),
    ("income_rate", "Income-deprived residents", True),
)
_BASES: Mapping[str, str] = {"Households without a car": "households"}  # group -> field of which it is a share
NOT_GIVEN = "not given"
COLUMNS = ["characteristic", "group", "people", "people_share", "people_within", "share", "difference", "suppressed"]


def equality_table(results: Results) -> pd.DataFrame:
    """A row for each group: characteristic, group, people, people_share (of residents, or of households), people_within (who
    live in areas that meet the test), share (of the group), difference (to all residents) and suppressed (a group of fewer than
    `MIN_PEOPLE`: who of them meets the test is withheld). A characteristic without data has one row "not given".

    Members of a group are taken to have their zone's access. Shares are 0-1.
    """
    zones = results.zones
    everyone = zones["population"].fillna(0.0)
    meets = zones["meets_kpi"].astype(float)
    of_all = _figures(everyone, everyone, meets)
    overall = of_all[3]
    rows: list[tuple[object, ...]] = [(EVERYONE, "All residents", *of_all, 0.0, False)]
    for characteristic, group, members in _groups(zones):
        if members is None:
            rows.append((characteristic, NOT_GIVEN, *[float("nan")] * 5, False))
            continue
        base = zones[_BASES[group]].fillna(0.0) if _BASES.get(group) in zones else everyone
        people, of_base, within, share = _figures(members, base, meets)
        few = people < MIN_PEOPLE
        found = (float("nan"),) * 3 if few else (within, share, share - overall)
        rows.append((characteristic, group, people, of_base, *found, few))
    return pd.DataFrame(rows, columns=COLUMNS)


def _groups(zones: gpd.GeoDataFrame) -> Iterator[tuple[str, str, "pd.Series[float] | None"]]:
    for characteristic, fields in (*_FIELDS.items(), (BESIDE, _BESIDE)):
        found = [(title, members) for one in fields for title, members in _of_field(zones, *one)]
        if not found and characteristic != BESIDE:
            yield characteristic, NOT_GIVEN, None
        yield from ((characteristic, title, members) for title, members in found)


def _of_field(
    zones: gpd.GeoDataFrame, field: str, title: str, is_share: bool
) -> Iterator[tuple[str, "pd.Series[float]"]]:
    names = [field] if title else sorted(str(name) for name in zones if str(name).startswith(field))
    for name in names:
        if name in zones and pd.api.types.is_numeric_dtype(zones[name]) and zones[name].notna().any():
            values = zones[name].fillna(0.0)
            members = values * zones["population"].fillna(0.0) if is_share else values
            yield title or name.removeprefix(field).replace("_", " ").capitalize(), members


def _figures(members: pd.Series, base: pd.Series, meets: pd.Series) -> tuple[float, float, float, float]:
    """(people, their share of the base, those in areas that meet the test, their share)."""
    total, within = float(members.sum()), float((members * meets).sum())
    people = float(base.sum())
    return total, total / people if people else float("nan"), within, within / total if total else float("nan")
