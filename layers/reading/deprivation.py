"""Checks indices of deprivation (areas of an edition, direction of deciles), and computes shares of deprived zones."""

from collections.abc import Mapping, Sequence

import pandas as pd

from layers.errors import GeographyError, LayerError
from layers.reading.geographies import same_geography

# English Indices of Deprivation: edition -> the areas for which it was published, and the number of areas ranked.
EDITIONS: Mapping[str, tuple[str, int]] = {
    "2015": ("LSOA 2011", 32_844),
    "2019": ("LSOA 2011", 32_844),
    "2025": ("LSOA 2021", 33_755),
}
_AGREEMENT = 0.3  # with a lower rank correlation, a column does not show the direction


def check_edition(vintage: str, geography: str, where: str) -> None:
    """Raise GeographyError if `geography` is not that for which the edition `vintage` of the indices was published.

    Vintages that are not an edition (another country, an illustrative region) pass.
    """
    published = EDITIONS.get(vintage)
    if published is None or same_geography(geography, published[0]) or not geography.upper().startswith("LSOA"):
        return
    raise GeographyError(
        f"{where}: the {vintage} indices are on {published[0]}, not {geography}; ranks and deciles do not carry over. "
        f'Give geography = "{published[0]}" with a lookup, or the edition made for {geography}.'
    )


def check_ranks(ranks: pd.Series, vintage: str, where: str) -> None:
    """Raise LayerError if ranks exceed the number of areas that the edition ranked: they are of another edition."""
    ranked = EDITIONS.get(vintage, ("", 0))[1]
    if ranked and ranks.max() > ranked:
        raise LayerError(
            f"{where}: rank {ranks.max():,.0f} does not exist in {vintage} ({ranked:,} areas were ranked)."
        )


def check_direction(deciles: pd.Series, against: pd.Series, *, rises_with_deprivation: bool, where: str) -> None:
    """Raise LayerError if decile 1 is not the most deprived, by comparison with a rank, score or rate on the same index.

    `rises_with_deprivation` is True for scores and rates, False for ranks (1 = most deprived). Too few or unrelated
    values pass.
    """
    both = pd.DataFrame({"decile": deciles, "against": against}).dropna().rank()
    agreement = both["decile"].corr(both["against"]) if len(both) > 2 else float("nan")
    if not abs(agreement) >= _AGREEMENT:
        return
    if (agreement > 0) == rises_with_deprivation:
        raise LayerError(
            f"{where}: deciles run the wrong way against {against.name} (rank correlation {agreement:+.2f}). Decile 1 "
            "must be the most deprived tenth, as in the English indices; turn the column round (11 - decile)."
        )


def decile_shares(deciles: pd.Series, groups: pd.Series | None = None, upto: Sequence[int] = (1, 2)) -> pd.DataFrame:
    """The share of zones (0-1) in deciles 1..n, for each n of `upto`: one row, or one row per group.

    Columns zones (the denominator), decile_1_share, decile_1_2_share, ... Zones without a decile count in neither
    numerator nor denominator.
    """
    known = deciles.dropna()
    group = pd.Series("all", index=known.index) if groups is None else groups.reindex(known.index)
    shares = {f"decile_{'_'.join(map(str, sorted({1, n})))}_share": (known <= n).groupby(group).mean() for n in upto}
    return pd.DataFrame({"zones": known.groupby(group).size(), **shares})
