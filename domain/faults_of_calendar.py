"""Faults of the working-day calendar and its notices. Alphabetical by code."""

from typing import Final

from domain.fault_spec import FaultSpec as F

CALENDAR_FAULTS: Final[tuple[F, ...]] = (
    F(
        "calendar.bad_day",
        422,
        "通知中的“{text}”不是有效日期，请核对原文。",
        "“{text}” in the notice is not a day. Compare with the original.",
    ),
    F(
        "calendar.bad_range",
        422,
        "通知中的“{text}”起止颠倒或超过 30 天，请核对原文。",
        "“{text}” in the notice runs backwards or for more than 30 days. Compare with the"
        " original.",
    ),
    F(
        "calendar.both_ways",
        422,
        "通知中 {day} 既写放假又写上班，请核对原文。",
        "The notice calls {day} both a day off and a working day. Compare with the original.",
    ),
    F(
        "calendar.changed_meanwhile",
        409,
        "预览之后日历又有变动，请重新核对下方预览后再确认；您提交的内容已保留。",
        "The calendar has changed since the preview. Look at the new preview below, then confirm;"
        " what you sent is kept.",
    ),
    F(
        "calendar.document_missing",
        422,
        "请填写通知的发文字号，例如 国办发明电〔2025〕7号；最多 60 字。",
        "Give the document number that the notice bears; at most 60 characters.",
    ),
    F(
        "calendar.notice_not_found",
        404,
        "未找到该放假通知。",
        "The notice was not found.",
    ),
    F(
        "calendar.nothing_given",
        422,
        "请粘贴通知正文，或者选择 CSV 文件。",
        "Paste the text of the notice or choose a CSV file.",
    ),
    F(
        "calendar.nothing_read",
        422,
        "没有读出放假安排。请粘贴“一、元旦：……”起的各条原文。",
        "No day off was found. Paste the paragraphs of the notice from the first festival on.",
    ),
    F(
        "calendar.text_too_long",
        422,
        "通知正文不超过 {max} 字，请只粘贴放假安排部分。",
        "The text has more than {max} characters; paste the part on days off only.",
    ),
    F(
        "calendar.wrong_count",
        422,
        "“{name}”原文写明共 {said} 天，按日期为 {found} 天，请核对原文。",
        "“{name}”: the text says {said} days, the dates give {found}. Compare with the original.",
    ),
    F(
        "calendar.wrong_weekday",
        422,
        "原文“{text}”即 {day}，当日不是{said}，请核对年份和日期。",
        "“{text}” is {day}, which is not {said}. Check the year and the date.",
    ),
    F(
        "calendar.year_missing",
        422,
        "粘贴的正文没有通知标题，请填写年份。",
        "The title of the notice is not in the text; give the year.",
    ),
    F(
        "calendar.year_not_announced",
        422,
        "{year} 年的放假通知尚未导入，不能只导入其中几天；请导入含国庆节在内的全年通知。",
        "No notice for {year} has been imported yet, so single days of it cannot be; import the"
        " whole notice, National Day included.",
    ),
)
