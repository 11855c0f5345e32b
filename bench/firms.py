"""A register of many firms with their vehicles, written directly: how it came there is measured
elsewhere. Names, codes and plates belong to nobody."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, text

from domain.access import Role
from domain.identifiers import organisation_check_character, uscc_check_character
from server.accounts.models import Department, Jurisdiction
from server.accounts.service import add_person
from server.app import create_app
from server.config import load_config
from server.db import db, scope_to, unit_of_work
from server.fieldsync.service import ensure_epoch
from server.jobs.duties import count_database
from server.registry.derived import search_text_of, trades_of
from server.registry.entry_models import Vehicle
from server.registry.firms import CATEGORIES
from server.registry.initials import initials_of
from server.registry.models import Firm

ACCOUNT, PASSWORD = "bench", "bench-password-1"
AT = datetime(2026, 1, 5, tzinfo=UTC)
PLACES = [
    "东关", "西关", "南关", "北关", "城关", "河口", "柳林", "石桥",
    "龙泉", "白杨", "青山", "金水", "新庄", "马场", "长岭", "云台",
]  # fmt: skip
FIRST = list("顺鑫恒泰远通安达宏瑞嘉盛永兴华祥捷运诚信广福隆昌")
SUFFIXES = {
    "passenger": "客运有限公司",
    "freight": "货运有限公司",
    "taxi": "出租汽车有限公司",
    "driver_training": "驾驶员培训学校",
    "hazmat": "危险品运输有限公司",
    "repair": "汽车维修服务部",
    "ride_hailing": "网约车服务有限公司",
    "highway_works": "公路工程有限公司",
    "station": "客运站",
    "vehicle_test": "机动车检测有限公司",
}
BATCH = 5_000


def build_register(env: Mapping[str, str], firms: int) -> None:
    """``firms`` firms of one county, a vehicle for every second, and one account for the office."""
    settings = {name: value for name, value in env.items() if name.startswith("SUICHA_")}
    app = create_app(load_config(settings))
    with app.app_context():
        try:
            with unit_of_work():
                ensure_epoch()
                county = add_county()
            for rows in batches_of(county, firms):
                with unit_of_work() as work:
                    work.execute(insert(Firm), [firm for firm, _ in rows])
                    work.execute(insert(Vehicle), [one for _, one in rows if one])
            analyse()
        finally:
            db.session.remove()
            db.engine.dispose()


def add_county() -> int:
    county = Jurisdiction(code="140000", name="测量县")
    db.session.add(county)
    db.session.flush()
    scope_to(county.id)
    department = Department(jurisdiction_id=county.id, code="tr", name="交通运输局", is_home=True)
    db.session.add(department)
    db.session.flush()
    add_person(county, department, ACCOUNT, "测量员", PASSWORD, [Role.OFFICE_STAFF])
    return county.id


def batches_of(county: int, firms: int) -> Iterator[list[tuple[dict[str, Any], dict[str, Any]]]]:
    chance = random.Random(20261130)
    letters = {part: initials_of(part) for part in (*PLACES, *FIRST, *SUFFIXES.values(), "测量县")}
    for first in range(0, firms, BATCH):
        numbers = range(first, min(first + BATCH, firms))
        yield [_entry(county, number, chance, letters) for number in numbers]


def _entry(
    county: int, number: int, chance: random.Random, letters: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    category = chance.choice(list(CATEGORIES))
    place = chance.choice(PLACES)
    words = ["测量县", place, *chance.choices(FIRST, k=3), SUFFIXES[category]]
    name, initials = "".join(words), "".join(letters[word] for word in words)
    uscc, digits = uscc_of(number), f"140000{number:06d}"
    address = f"测量县{place}镇{chance.choice(FIRST)}{chance.choice(FIRST)}街{number % 300 + 1}号"
    firm = {
        "id": number + 1,
        "jurisdiction_id": county,
        "uscc": uscc,
        "name": name,
        "category": category,
        "trades": trades_of(category, []),
        "tier": chance.choice(["low", "normal", "normal", "elevated", "high", None]),
        "address": address,
        "area": f"{place}镇",
        "contact_phone": "0000-5550000" if number % 5 else "",
        "licence_no": f"晋交运管许可测字{digits}号",
        "licence_digits": digits,
        "name_initials": initials,
        "search_text": search_text_of(name, initials, uscc, [], digits, address),
    }
    plate = f"晋E{number:05d}" if number < 100_000 else f"晋F{number - 100_000:05d}"
    vehicle = {
        "jurisdiction_id": county,
        "firm_id": number + 1,
        "plate": plate,
        "tail": plate[2:],
        "color": "yellow",
    }
    return firm, vehicle if number % 2 == 0 else {}


def uscc_of(number: int) -> str:
    """A valid credit code of its own for each number."""
    organisation = f"MA{number:06d}"
    body = f"91140000{organisation}{organisation_check_character(organisation)}"
    return body + uscc_check_character(body)


def analyse() -> None:
    """As a night's upkeep leaves it: PostgreSQL knows what is there, SQLite its indexes."""
    if db.engine.dialect.name == "sqlite":
        count_database()
        return
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
