"""Faults of phones and of files of unsent work. Alphabetical by subject, then by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

DEVICE_FAULTS: Final[tuple[F, ...]] = (
    # device
    F(
        "device.bound",
        409,
        "本设备标识已绑定其他人员，请由手机重新生成设备标识后登录。",
        "This device id belongs to another person; the phone must make a new id.",
    ),
    F(
        "device.no_wipe_order",
        409,
        "未对本设备下达清除指令。",
        "This device was not told to wipe itself.",
    ),
    F(
        "device.not_revoked",
        409,
        "请先停用该设备，再下达清除指令。",
        "Revoke the device before you order it wiped.",
    ),
    F(
        "device.release_too_soon",
        409,
        "等待未满 {days} 天，手机仍可能补传；急需放行的，请联系管理员。",
        "It has waited less than {days} days and the phone may still deliver; "
        "an administrator can release it now.",
    ),
    F(
        "device.revoked",
        403,
        "本设备已停用，请联系管理员。",
        "This device has been revoked; please contact the administrator.",
    ),
    F("device.unknown", 404, "未找到该设备。", "The device was not found."),
    # unsent work as a file
    F(
        "unsent.damaged",
        422,
        "文件不完整或已损坏，未导入任何内容，请从手机重新导出。",
        "The file is incomplete or damaged; nothing was imported. Export it again from the phone.",
    ),
    F(
        "unsent.not_a_file",
        422,
        "这不是随查手机端导出的“未送达记录”文件。",
        "This is no file of unsent work exported by the field app.",
    ),
    F(
        "unsent.other_account",
        409,
        "文件中的账号“{account}”与该手机登记的人员不符，未导入任何内容。",
        "The account “{account}” in the file is not the one this phone belongs to; "
        "nothing was imported.",
    ),
    F(
        "unsent.too_large",
        413,
        "文件超出允许的大小或条数，未导入任何内容。",
        "The file is larger or holds more than is allowed; nothing was imported.",
    ),
    F(
        "unsent.unknown_device",
        404,
        "没有登记过手机“{device}”，未导入任何内容。",
        "No phone “{device}” has ever been enrolled; nothing was imported.",
    ),
)
