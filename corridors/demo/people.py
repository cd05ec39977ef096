"""The demonstration region's people, deprivation, skills and jobs: invented values that add up to the region's known totals."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from layers import BRITISH_NATIONAL_GRID, WGS84

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

JOBS_TOTAL = 1_300_000
NO_CAR_SHARE = 0.275

_GRID_M = 200.0
# People per km2 in the countryside between towns, before scaling.
_COUNTRY_PER_KM2 = 40.0
# Jobs that follow people (schools, shops, care) rather than workplaces.
_LOCAL_JOBS_PER_PERSON = 0.08
# Share of the region's people in each national deprivation decile, most deprived first: about a quarter in decile 1.
_DECILE_SHARES = (0.26, 0.19, 0.13, 0.10, 0.08, 0.07, 0.06, 0.05, 0.04, 0.02)
_TO_METRES = Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)


class _Grid(NamedTuple):
    """Points every 200 m inside the region, each in one zone."""

    x: Float  # (n_points,) metres, EPSG:27700
    y: Float  # (n_points,)
    zone: Int  # (n_points,) row of the zones

    def by_zone(self, values: Float, n_zones: int) -> Float:
        """Sum of the points' values in each zone, (n_zones,)."""
        sums: Float = np.bincount(self.zone, weights=values, minlength=n_zones).astype(np.float64)
        return sums


class DemoPeople(NamedTuple):
    """The tables of the region's people, each with zone_id as first column and one row per zone, in the order of the zones."""

    people: pd.DataFrame
    households: pd.DataFrame
    deprivation: pd.DataFrame
    qualifications: pd.DataFrame
    employment: pd.DataFrame
    points: pd.DataFrame  # zone_id, lon, lat: the mean point of the zone's people


def demo_people(zones: gpd.GeoDataFrame, demo: Path) -> DemoPeople:
    """Invented values of every zone, from the towns, workplaces and district totals in `demo`.

    People live ever more thinly away from towns and add up to the district totals; deprivation and skills are means of the
    towns around, weighted by their people and distance.
    """
    grid = _grid(zones)
    towns = pd.read_csv(demo / "towns.csv")
    density, deprivation, skills = _town_fields(grid, towns)
    weight = grid.by_zone(density, len(zones))
    population = _scaled_to_districts(weight, zones["district_code"], pd.read_csv(demo / "districts.csv"))
    score = grid.by_zone(density * deprivation, len(zones)) / weight + 1.0 * _variation(grid, len(zones), 3_700.0)
    skill = grid.by_zone(density * skills, len(zones)) / weight + 0.6 * _variation(grid, len(zones), 4_900.0)
    tables = (
        _people(population, score),
        _households(population, score),
        _deprivation(population, score, grid),
        _qualifications(skill),
        _employment(grid, population, pd.read_csv(demo / "workplaces.csv")),
        _points(grid, density, weight),
    )
    for table in tables:
        table.insert(0, "zone_id", zones["zone_id"].to_numpy())
    return DemoPeople(*tables)


def shared_out(total: int, weights: Float) -> Int:
    """`total` split into whole parts proportional to `weights`, (n,), by largest remainder; of equal ones the first gets more."""
    exact = total * weights / weights.sum()
    parts: Int = np.floor(exact).astype(np.int64)
    largest_first = np.argsort(parts - exact, kind="stable")
    parts[largest_first[: total - int(parts.sum())]] += 1
    return parts


def _grid(zones: gpd.GeoDataFrame) -> _Grid:
    west, south, east, north = zones.total_bounds
    x, y = np.meshgrid(np.arange(west, east, _GRID_M), np.arange(south, north, _GRID_M))
    points = np.asarray(shapely.points(x.ravel(), y.ravel()))
    zone, point = shapely.STRtree(points).query(zones.geometry.to_numpy(), predicate="contains")
    return _Grid(x.ravel()[point], y.ravel()[point], zone)


def _town_fields(grid: _Grid, towns: pd.DataFrame) -> tuple[Float, Float, Float]:
    """(people per km2, deprivation, skills) at every grid point, each (n_points,); the last two 0-10."""
    density_by_place = _place_densities(grid, towns, towns["spread_km"].to_numpy())
    people = density_by_place * (towns["people_k"].to_numpy() * 1000)
    # A narrower spread than that of people, as deprivation and skills differ sharply between neighbouring estates.
    weight = _place_densities(grid, towns, 0.9 * towns["spread_km"].to_numpy()) * towns["people_k"].to_numpy() + 1e-12
    share = weight / weight.sum(axis=1, keepdims=True)
    deprivation, skills = (share @ towns[column].to_numpy() for column in ("deprivation_0_10", "skills_0_10"))
    return people.sum(axis=1) + _COUNTRY_PER_KM2, deprivation, skills


def _place_densities(grid: _Grid, places: pd.DataFrame, spread_km: Float) -> Float:
    """Normal density per km2 around each place at each grid point, (n_points, n_places)."""
    x, y = _TO_METRES.transform(places["lon"].to_numpy(), places["lat"].to_numpy())
    square_km2 = ((grid.x[:, None] - x) ** 2 + (grid.y[:, None] - y) ** 2) / 1e6
    densities: Float = np.exp(-square_km2 / (2 * spread_km**2)) / (2 * np.pi * spread_km**2)
    return densities


def _variation(grid: _Grid, n_zones: int, wave_m: float) -> Float:
    """Variation between neighbouring zones, (n_zones,) about -1 to 1: two crossed waves instead of random numbers."""
    wave = np.sin(2 * np.pi * (grid.x + 0.3 * grid.y) / wave_m) * np.sin(2 * np.pi * (grid.y - 0.4 * grid.x) / wave_m)
    return grid.by_zone(wave, n_zones) / np.bincount(grid.zone, minlength=n_zones)


def _scaled_to_districts(weight: Float, district_code: pd.Series, districts: pd.DataFrame) -> Int:
    population = np.zeros(len(weight), dtype=np.int64)
    for code, total in zip(districts["code"], districts["population"], strict=True):
        inside = (district_code == code).to_numpy()
        population[inside] = shared_out(int(total), weight[inside])
    return population


def _people(population: Int, score: Float) -> pd.DataFrame:
    """People by age and activity; deprived zones are younger and have fewer people in work."""
    age_0_14 = _part(population, 0.13 + 0.009 * score)
    age_65plus = _part(population, 0.23 - 0.013 * score)
    population_16plus = population - _part(age_0_14, np.full(len(score), 1.07))
    active = _part(population_16plus, 0.64 - 0.008 * score)
    return pd.DataFrame(
        {
            "population": population,
            "population_16plus": population_16plus,
            "working_age": population_16plus - age_65plus,
            "age_0_14": age_0_14,
            "age_65plus": age_65plus,
            "economically_active": active,
            "unemployed": _part(active, 0.015 + 0.009 * score),
        }
    )


def _households(population: Int, score: Float) -> pd.DataFrame:
    """Households, and households without a car, which are 27.5 % of all."""
    households = np.maximum(1, np.rint(population / (2.35 + 0.04 * score))).astype(np.int64)
    weights = np.clip(0.05 + 0.004 * score**2, 0.05, 0.5) * households
    no_car = shared_out(round(NO_CAR_SHARE * int(households.sum())), weights)
    return pd.DataFrame({"households": households, "households_no_car": np.minimum(no_car, households)})


def _deprivation(population: Int, score: Float, grid: _Grid) -> pd.DataFrame:
    """Deciles by the order of the scores, weighted by people; income and employment rates by slightly different orders."""
    upper_edge = np.cumsum(_DECILE_SHARES)[:-1]
    income_order = _less_deprived_share(population, score + 0.4 * _variation(grid, len(score), 4_300.0))
    employment_order = _less_deprived_share(population, score - 0.4 * _variation(grid, len(score), 3_700.0))
    return pd.DataFrame(
        {
            "imd_decile": 1 + np.searchsorted(upper_edge, _less_deprived_share(population, score)),
            "income_rate": np.round(0.03 + 0.40 * (1 - income_order) ** 1.7, 4),
            "employment_rate": np.round(0.03 + 0.26 * (1 - employment_order) ** 1.5, 4),
        }
    )


def _less_deprived_share(population: Int, score: Float) -> Float:
    """Share of people who are more deprived than the zone's middle person, (n_zones,); 0 = most deprived."""
    order = np.argsort(-score, kind="stable")
    reached = np.cumsum(population[order]) - population[order] / 2
    share = np.empty(len(score))
    share[order] = reached / population.sum()
    return share


def _qualifications(skill: Float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "level4_share": np.round(np.clip(0.09 + 0.045 * skill, 0.08, 0.60), 4),
            "no_quals_share": np.round(np.clip(0.39 - 0.034 * skill, 0.05, 0.45), 4),
        }
    )


def _employment(grid: _Grid, population: Int, workplaces: pd.DataFrame) -> pd.DataFrame:
    """Jobs around workplaces, and a few where people live; brownfield land around old works."""
    density_by_place = _place_densities(grid, workplaces, workplaces["spread_km"].to_numpy())
    cell_km2 = (_GRID_M / 1000) ** 2
    jobs_at_works = grid.by_zone(density_by_place @ workplaces["jobs_k"].to_numpy() * 1000 * cell_km2, len(population))
    brownfield_ha = grid.by_zone(density_by_place @ workplaces["brownfield_ha"].to_numpy() * cell_km2, len(population))
    jobs = shared_out(JOBS_TOTAL, jobs_at_works + _LOCAL_JOBS_PER_PERSON * population)
    return pd.DataFrame({"jobs": jobs, "brownfield_ha": np.round(brownfield_ha, 1)})


def _points(grid: _Grid, density: Float, weight: Float) -> pd.DataFrame:
    x, y = (grid.by_zone(density * axis, len(weight)) / weight for axis in (grid.x, grid.y))
    lon, lat = _TO_METRES.transform(x, y, direction="INVERSE")
    return pd.DataFrame({"lon": np.round(lon, 6), "lat": np.round(lat, 6)})


def _part(whole: Int, share: Float) -> Int:
    return np.rint(whole * share).astype(np.int64)
