"""Faults of reminders and their channels. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

REMINDER_FAULTS: Final[tuple[F, ...]] = (
    F(
        "push.bad_endpoint",
        422,
        "浏览器给出的通知服务地址不能使用。",
        "The address of the browser's push service cannot be used.",
    ),
    F(
        "push.bad_key",
        422,
        "浏览器给出的通知密钥不完整，请关闭后重新打开通知。",
        "The browser's push keys are not whole; switch notifications off and on again.",
    ),
    F(
        "reminder.bad_address",
        422,
        "请填写一个完整的邮箱地址，如 name@example.cn。",
        "Enter one whole e-mail address, such as name@example.cn.",
    ),
    F(
        "reminder.not_safe",
        409,
        "这条提醒可能已经送达，或不是今天的内容，不能再发。",
        "This message may have arrived, or is not of today; it is not sent again.",
    ),
)
