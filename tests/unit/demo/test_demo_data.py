"""The demo's registers: valid in form, complete, and nobody's real number."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

from domain.access import Role
from domain.identifiers import check_certificate, check_licence, is_valid_uscc
from server.demo.county import CODE, DATA, DEMO, DEPARTMENTS, PLANS, read_people
from server.registry.firms import CATEGORIES


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sixty_firms_with_valid_and_unique_credit_codes() -> None:
    codes = [row["统一社会信用代码"] for row in rows("firms.csv")]
    assert len(codes) == len(set(codes)) == 60
    assert all(is_valid_uscc(code) and code[2:8] == CODE for code in codes)


def test_every_category_and_every_tier_occurs_and_some_have_none() -> None:
    firms = rows("firms.csv")
    assert {row["类别"] for row in firms} == set(CATEGORIES.values())
    assert {row["信用风险等级"] for row in firms} == {
        "低风险", "一般风险", "较高风险", "高风险", "",
    }  # fmt: skip


def test_telephone_numbers_cannot_be_dialled() -> None:
    assert all(row["联系电话"].startswith("0000-") for row in rows("firms.csv"))


def test_licence_numbers_have_the_usual_form() -> None:
    numbers = [row["许可证号"] for row in rows("firms.csv") if row["许可证号"]]
    assert len(numbers) > 30
    assert all(check_licence(number) is None for number in numbers)


def test_twenty_four_officers_of_four_departments_are_certified() -> None:
    officers = rows("officers.csv")
    assert Counter(row["单位"] for row in officers) == {
        "交通运输局": 12, "市场监督管理局": 4, "生态环境分局": 4, "公安局": 4,
    }  # fmt: skip
    assert all(check_certificate(row["执法证号"]) is None for row in officers)
    assert all(date.fromisoformat(row["有效期至"]) > date(2028, 1, 1) for row in officers)
    assert len({row["执法证号"] for row in officers}) == 24


def test_every_officer_signs_in_and_every_role_has_somebody() -> None:
    people = read_people()
    accounts = {person.account for person in people}
    assert {row["账号"] for row in rows("officers.csv")} <= accounts
    assert {role for person in people for role in person.roles} == set(Role) - {Role.PUBLIC}
    assert {"jiancha1", "jiancha2", "zuzhang", "bangong", "fenguan", "zhuyao", "ducha", "guanli",
            "shichang1"} <= accounts  # fmt: skip


def test_each_department_has_somebody_who_accepts_its_sheets() -> None:
    leads = {p.department for p in read_people() if Role.TEAM_LEAD in p.roles}
    assert leads == {department.code for department in DEPARTMENTS}


def test_names_are_unique() -> None:
    names = [person.name for person in read_people()]
    names += [row["联系人"] for row in rows("firms.csv")]
    assert len(names) == len(set(names))


def test_plans_of_the_demo_are_in_the_tree() -> None:
    assert all((DATA / "plans" / name).is_file() for name in PLANS)
