"""What a number in a unit may be: things are counted whole, a share is never below nothing.

Any other unit is a measure of which nothing is known here (a level can be below zero). The phone
knows the same units; both run `tests/vectors/typed.json`.
"""

from fractions import Fraction
from typing import Final

MAX_COUNT: Final = 1_000_000
_COUNTED: Final = {
    "人", "名", "位", "人次", "户", "家", "个", "件", "单", "份", "张", "本", "册", "项",
    "条", "次", "起", "例", "宗", "批", "笔", "处", "座", "间", "块", "套", "组", "支",
    "根", "台", "部", "架", "辆", "艘", "辆次", "车次", "班", "班次", "趟",
}  # fmt: skip
_NEVER_NEGATIVE: Final = {
    "%", "％", "‰", "年", "月", "个月", "周", "日", "天", "小时", "分钟", "秒", "元", "万元",
}  # fmt: skip


def find_number_fault(unit: str | None, number: Fraction) -> str | None:
    """`answer.not_a_count` or `answer.negative` where the number makes no sense in its unit."""
    if unit in _COUNTED:
        is_count = number.denominator == 1 and 0 <= number <= MAX_COUNT
        return None if is_count else "answer.not_a_count"
    return "answer.negative" if unit in _NEVER_NEGATIVE and number < 0 else None


def find_given_fault(name: str, number: Fraction) -> str | None:
    """The same of a quantity a rule asks for: 接入车辆数 is counted, too."""
    unit = "个" if name.endswith("数") else None
    return find_number_fault(unit, number)
