"""Faults of receipts, publications and entry packages."""

from typing import Final

from domain.fault_spec import FaultSpec as F

PUBLICATION_FAULTS: Final[tuple[F, ...]] = (
    F(
        "disclosure.no_results",
        404,
        "没有公示的结果。可能尚未公示、已撤下，或者地址有误。",
        "There is no published result here: not published yet, taken back, or another address.",
    ),
    F(
        "disclosure.too_many",
        422,
        "符合条件的结果有 {count} 条，一个文件最多 {most} 条。请按年度、任务或部门分开下载。",
        "{count} results fit; one file holds at most {most}. Download by year, task or department.",
    ),
    F(
        "publication.before_visit",
        422,
        "日期不能早于检查结束日期 {ended_on}。",
        "The day cannot be before the inspection ended on {ended_on}.",
    ),
    F(
        "publication.in_future",
        422,
        "日期不能晚于今天。",
        "The day cannot be after today.",
    ),
    F(
        "publication.needs_reason",
        422,
        "这一版结果已有登记。登记有误的，请填写更正理由再保存，原登记保留。",
        "There is an entry for this version already. If it is wrong, give the reason and save "
        "again; the earlier entry stays.",
    ),
    F(
        "publication.not_entered",
        409,
        "检查结果尚未录入锁定，还不能登记，也没有录入内容可导出。",
        "The result has not been entered and locked yet: nothing can be recorded or exported.",
    ),
    F(
        "publication.nothing_to_void",
        409,
        "这一版结果没有可作废的登记。",
        "There is no entry for this version that could be declared void.",
    ),
    F(
        "publication.nothing_to_export",
        409,
        "该任务还没有本部门已录入锁定的结果，没有内容可导出。",
        "This task has no entered result of your department yet: there is nothing to export.",
    ),
    F(
        "publication.number_taken",
        409,
        "回执号 {number} 已登记在 {taken} 名下，请核对有没有抄错。"
        "确是同一个回执号的，勾选“回执号无误”再登记。",
        "Receipt number {number} is on record for {taken} already: check for a slip. "
        "If it really is the same, tick “The number is right” and record again.",
    ),
    F(
        "publication.version_changed",
        409,
        "打开页面之后，检查结果已更正为新的版本。请核对第 {version} 版后再登记。",
        "The result was corrected since the page was opened. "
        "Check version {version}, then record again.",
    ),
)
