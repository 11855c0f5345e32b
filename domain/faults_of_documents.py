"""Faults of the documents for the file and the seal."""

from typing import Final

from domain.fault_spec import FaultSpec as F

DOCUMENT_FAULTS: Final[tuple[F, ...]] = (
    F(
        "document.busy",
        503,
        "正在生成其他文书，请稍候片刻再试。",
        "Other documents are being made; try again in a moment.",
    ),
    F(
        "document.not_drawn",
        409,
        "尚未抽取，这份文书还没有内容。",
        "Nothing has been drawn yet; this document has no content.",
    ),
    F("document.not_found", 404, "没有这种文书。", "There is no such document."),
    F(
        "document.pdf_failed",
        503,
        "PDF 没有生成。请改用 Word 文件或打印页面，并把时间告诉管理员。",
        "The PDF was not made. Take the Word file or the page to print, "
        "and tell the administrator the time.",
    ),
    F(
        "document.pdf_unavailable",
        503,
        "本机没有安装 PDF 排版组件（Pango）或中文字体（Noto CJK），不能生成 PDF。"
        "请下载 Word 文件，或打开打印页面另存为 PDF；管理员可按运行维护手册安装。",
        "This machine lacks the typesetting library (Pango) or the Chinese faces (Noto CJK) "
        "and cannot make a PDF. Take the Word file, or print the page into a PDF; "
        "docs/operations.md tells the administrator what to install.",
    ),
    F(
        "document.superseded",
        409,
        "这次抽取已由重抽代替，不再送达告知书。",
        "This draw was replaced by another; its notices are no longer served.",
    ),
)
