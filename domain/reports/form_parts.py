"""The lines above and below the table, the same on both annexes."""

from collections.abc import Mapping
from datetime import date


def head_line(unit: str) -> str:
    """单位名称（盖章）."""
    return f"单位名称（盖章）：{unit}"


def day_words(day: date) -> str:
    """2026 年 11 月 30 日."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def contact_line(contact: Mapping[str, str]) -> tuple[str, ...]:
    """联系人、联系电话、手机; empty places are for a pen."""
    return (
        f"联系人：{contact.get('name', '')}",
        f"联系电话：{contact.get('phone', '')}",
        f"手机：{contact.get('mobile', '')}",
    )
