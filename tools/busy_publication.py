"""The week's results on the official platform: one with receipt and publication, its correction not
yet; the others wait."""

from __future__ import annotations

import io

from tools.busy_county import NOW, County, draw_evidence


def add_publications(county: County, inspection_id: int) -> None:
    """Version 1 of the transport bureau's sheet: a receipt with a picture of it, a number mended
    once, and the publication."""
    from server.publication.service import Proof, Told, record_publication, record_receipt

    day = NOW.date()
    with county.desk():
        office = county.actor("bangong")
        proof = Proof(io.BytesIO(draw_evidence("平台回执", 1)), "平台回执截图.jpg")
        record_receipt(office, inspection_id, "tr", Told(1, day, proof=proof), "0140599202600017")
        mended = Told(1, day, "原登记漏抄末位数字", proof=None)
        record_receipt(office, inspection_id, "tr", mended, "01405992026000171")
        channel = "国家企业信用信息公示系统（山西）"
        record_publication(office, inspection_id, "tr", Told(1, day), channel, "")
