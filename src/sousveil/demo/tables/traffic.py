"""`t_clgps` and `vehicle`: where vehicles were, and who owns them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import city, identifiers, moments
from sousveil.demo.draft import Draft, Facts, World
from sousveil.demo.mess import Clerk
from sousveil.demo.places import any_of, coordinates, pool
from sousveil.demo.text import Codes, Rng, join, padded, pick, plain

GPS_TABLE = "t_clgps"
TABLE = "vehicle"
_FIRST = dt.date(2018, 1, 1)
_HINTS = {
    "id": "主键", "hphm": "号牌号码", "hpzl": "号牌种类", "cllx": "车辆类型", "jd": "经度",
    "wd": "纬度", "sd": "速度", "fxj": "方向角",
    "gpssj": "定位时间", "sbbh": "设备IMEI", "dwmc": "所属单位",
}  # fmt: skip


def gps(world: World) -> Draft:
    """GPS points of vehicles, in the order of time. Who drove is not in it: its people are its vehicles."""
    rng, size = world.rng(GPS_TABLE), world.sizes.mass(220_000)
    vehicles = min(world.sizes.mass(3_000, 30), len(world.plates))
    vehicle = np.concatenate([np.arange(vehicles), rng.integers(0, vehicles, size)])[:size]
    vehicle = rng.permutation(vehicle).astype(np.int32)
    days, seconds = moments.in_order(
        moments.happen(rng, _FIRST, moments.LAST, size), moments.hours(rng, size)
    )
    facts = Facts(GPS_TABLE, "mysql/lcga.sql", vehicle, days, "gpssj", unit="vehicles")
    devices = identifiers.imeis(vehicles)

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return _point(world, devices, vehicle[rows], days[rows], seconds[rows], rows.start, rng)

    return Draft(world, facts, render, hints=_HINTS)


def _point(
    world: World, devices: pa.StringArray, vehicle: Codes, days: Codes, seconds: Codes, first: int, rng: Rng
) -> dict[str, pa.StringArray]:
    size = len(vehicle)
    longitude, latitude = coordinates(rng, size)
    return {
        "id": plain(np.arange(first, first + size) + 5_000_001),
        "hphm": pick(world.plates, vehicle),
        "hpzl": pool(("02", "01"), (vehicle % 5 == 0).astype(np.int8)),
        "cllx": pool(city.VEHICLE_KINDS, vehicle % len(city.VEHICLE_KINDS)),
        "jd": longitude,
        "wd": latitude,
        "sd": plain(rng.integers(0, 110, size)),
        "fxj": plain(rng.integers(0, 360, size)),
        "gpssj": moments.moments(days, seconds),
        "sbbh": pick(devices, vehicle),
        "dwmc": pool(city.GPS_OWNERS, vehicle % len(city.GPS_OWNERS)),
    }


def register(world: World) -> Draft:
    """Vehicles and their owners, one record a vehicle."""
    rng, size = world.rng(TABLE), len(world.plates)
    owner = rng.integers(0, len(world.residents), size).astype(np.int32)
    facts = Facts(TABLE, "app/vehicles.db", owner)

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        people, person, size = world.residents, owner[rows], rows.stop - rows.start
        clerk = Clerk(rng, size)
        return {
            "id": plain(np.arange(rows.start, rows.stop) + 1),
            "号牌号码": pick(world.plates, np.arange(rows.start, rows.stop)),
            "号牌种类": any_of(rng, ("小型汽车", "大型汽车", "摩托车"), size, (0.85, 0.1, 0.05)),
            "车辆品牌": any_of(rng, city.BRANDS, size),
            "车身颜色": any_of(rng, city.COLOURS, size),
            "发动机号": join("LQ4G", padded(rng.integers(0, 10**6, size), 6)),
            "所有人": clerk.name(pick(people.name, person), 0.004),
            "身份证号": clerk.identity(people, person, lost=0.01, wrong=0.004),
            "联系电话": clerk.nothing(pick(people.phone, person), 0.05),
            "住址": pick(people.address, person),
            "所属区县": pool(city.DISTRICTS, people.district[person]),
            "使用性质": any_of(rng, city.VEHICLE_USES, size, (0.86, 0.03, 0.05, 0.01, 0.01, 0.03, 0.01)),
        }

    return Draft(world, facts, render)
