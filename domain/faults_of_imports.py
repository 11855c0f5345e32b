"""Faults of imports and exports: the file as a whole, its columns, its cells, and the import as a
matter that somebody confirms or takes back.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

IMPORT_FAULTS: Final[tuple[F, ...]] = (
    # cells
    F(
        "cell.bad_count",
        422,
        "“{text}”应为 0 至 {most} 的整数",
        "“{text}” must be a whole number from 0 to {most}",
    ),
    F(
        "cell.bad_item_code",
        422,
        "编号只用字母、数字、点、横线，不超过 40 个字符",
        "a code has letters, digits, full stops and dashes, at most 40",
    ),
    F(
        "cell.bad_tag_code",
        422,
        "编号只用汉字、字母、数字和 . _ -，不超过 40 个字符",
        "a code has Chinese characters, letters, digits and . _ -, at most 40",
    ),
    F("cell.future_day", 422, "{text} 还没有到", "{text} is still to come"),
    F(
        "cell.incomplete",
        422,
        "与“{other}”须同时填写",
        "it must be filled in together with “{other}”",
    ),
    F(
        "cell.lead_elsewhere",
        422,
        "负责人“{name}”不在所填的成员中",
        "the lead “{name}” is not among the people named",
    ),
    F(
        "cell.number_cut",
        422,
        "“{text}”是被表格软件截断的数字，末尾几位已丢失；请把该列设为文本格式后重新填写",
        "“{text}” is a number whose last digits the spreadsheet has lost; format the column as text"
        " and type it again",
    ),
    F(
        "cell.old_number_reason",
        422,
        "15 位旧注册号须填写“无统一社会信用代码原因”",
        "an old 15-digit number needs the reason why there is no credit code",
    ),
    F(
        "cell.same_name",
        422,
        "有 {n} 名“{name}”，请改填执法证号",
        "{n} officers are called “{name}”; give the certificate number",
    ),
    F("cell.taken", 422, "已属于“{name}”", "it belongs to “{name}” already"),
    F(
        "cell.too_long",
        422,
        "最多 {most} 个字符，现有 {found} 个",
        "at most {most} characters, it has {found}",
    ),
    F(
        "cell.unknown_firm",
        422,
        "名录库中没有信用代码为“{text}”的检查对象",
        "no firm in the register has the credit code “{text}”",
    ),
    F(
        "cell.unknown_officer",
        422,
        "执法检查人员名录库中没有“{name}”",
        "the register of officers has no “{name}”",
    ),
    F(
        "cell.unknown_word",
        422,
        "“{text}”不在可选范围内：{known}",
        "“{text}” is not one of: {known}",
    ),
    # imports
    F(
        "import.bad_state",
        409,
        "该次导入的状态已变，请刷新后再操作。",
        "This import has moved on meanwhile; reload the page.",
    ),
    F(
        "import.columns_missing",
        422,
        "还没有对应到列：{columns}。",
        "No column has been chosen for: {columns}.",
    ),
    F(
        "import.columns_repeated",
        422,
        "同一字段对应了多列：{columns}。",
        "Chosen for more than one column: {columns}.",
    ),
    F(
        "import.entry_twice",
        409,
        "本表第 {row} 行已对应“{name}”，同一对象只能更新一次；请先把那一行定为不导入。",
        "Row {row} of this file is “{name}” already, which can be changed once only; leave that row"
        " out first.",
    ),
    F(
        "import.has_errors",
        409,
        "有 {n} 行有错误：请改好后重新导入，或选择只导入其余各行。",
        "{n} rows have errors: mend the file and load it again, or choose to import the others.",
    ),
    F(
        "import.interrupted",
        500,
        "处理中断，未写入名录库，请重新上传。",
        "The work broke off and nothing was written to the register; upload the file again.",
    ),
    F(
        "import.no_header",
        422,
        "前 {rows} 行中没有找到表头；表头应有：{columns}。",
        "No header was found in the first {rows} rows; it should have: {columns}.",
    ),
    F("import.not_found", 404, "未找到该次导入。", "The import was not found."),
    F("import.nothing", 409, "没有需要写入的行。", "There is nothing to write."),
    F(
        "import.stale",
        409,
        "预览之后有 {n} 行被他人改动，已重新比对，请核对后再确认。",
        "{n} rows were changed by somebody since the preview; they were compared again, look at"
        " them before you confirm.",
    ),
    F(
        "import.undecided",
        409,
        "还有 {n} 行待您决定是否导入。",
        "{n} rows still wait for your decision.",
    ),
    # the file as a whole
    F(
        "table.empty",
        422,
        "表格中没有数据行。",
        "The table has no rows of data.",
    ),
    F(
        "table.encrypted",
        422,
        "文件设有打开密码，请取消密码后重新保存。",
        "The file is protected by a password; save it without one.",
    ),
    F(
        "table.html",
        422,
        "这是网页格式的文件，请用表格软件打开后另存为 XLSX。",
        "This is a web page with the name of a spreadsheet; open it and save it as XLSX.",
    ),
    F(
        "table.macros",
        422,
        "文件含有宏，请另存为不含宏的 XLSX。",
        "The file holds macros; save it as XLSX without macros.",
    ),
    F("table.no_sheet", 422, "没有名为“{sheet}”的工作表。", "There is no sheet “{sheet}”."),
    F(
        "table.picture",
        422,
        "这是 PDF 或图片，请用 Excel 或 CSV 表格。",
        "This is a PDF or a picture; send an Excel or CSV table.",
    ),
    F(
        "table.too_large",
        413,
        "文件超过 {megabytes} MB，请分成几个文件。",
        "The file has more than {megabytes} MB; divide it.",
    ),
    F(
        "table.too_many_cells",
        422,
        "表格超过 {rows} 行或 {columns} 列，请删去空白区域或分成几个文件。",
        "The table has more than {rows} rows or {columns} columns; remove blank areas or divide"
        " it.",
    ),
    F(
        "table.unreadable",
        422,
        "文件无法读取：不是 XLSX、XLS 或 CSV，或已损坏。",
        "The file cannot be read: it is no XLSX, XLS or CSV, or it is damaged.",
    ),
)
