"""The section of a configuration that asks about many regions at once, and says who answers."""

from collections.abc import Iterator, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from corridors.config.limits import MOST_PARTS
from corridors.config.section import Section
from corridors.config.values import Name, PlainId, Text


class ScaleSection(Section):
    """Settings of a run over many regions.

    Each region has its own set of centres: those that lie in it. `regions` gathers districts to regions, such as combined
    authorities; every other district is a region of its own.
    """

    engine: Literal["local", "dask"] = "local"
    address: Text | None = None
    parts: int = Field(default=1, ge=1, le=MOST_PARTS)
    regions: dict[PlainId, list[Name]] = {}

    @model_validator(mode="after")
    def _address_is_of_dask(self) -> Self:
        if self.address and self.engine != "dask":
            raise ValueError('address is that of a Dask scheduler: write engine = "dask" too, or leave address out')
        return self


def region_problems(scale: ScaleSection | None, districts: Mapping[str, str]) -> Iterator[str]:
    """A problem for each district of a region that the run has not, or that two regions have, and for ids taken twice."""
    seen: dict[str, str] = {}
    for region, codes in ({} if scale is None else scale.regions).items():
        if region == "all":
            yield f"scale.regions.{region} has the name of the row of all regions; choose another id"
        if region in districts:
            yield f"scale.regions.{region} has the code of a district; choose another id"
        for code in codes:
            if code not in districts:
                yield f"scale.regions.{region} names {code!r}, which is not among region.districts"
            if code in seen:
                yield f"scale.regions.{region} and {seen[code]} both have the district {code!r}"
            seen[code] = region
