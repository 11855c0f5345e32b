"""Every number of the start page is the length of the list it leads to; so are the board's."""

from __future__ import annotations

import re
from html import unescape

from tests.integration.accounts.walking import Counties, Walker

CARD = re.compile(
    r'class="card tone-\w+" href="([^"]+)">\s*<span class="card-title">([^<]+)</span>'
    r'\s*<span class="card-number">(\d+)</span>'
)
NUMBER = re.compile(r'<a href="(/board\?[^"]*)">(\d+)</a>')
COUNTED = re.compile(r'class="count"[^>]*>(?:本页 \d+ 条，)?共 (\d+) 条<')


def cards_of(counties: Counties, walker: Walker, path: str) -> list[tuple[str, str, int]]:
    page = counties.open(walker, "GET", path).text
    return [(unescape(href), title, int(number)) for href, title, number in CARD.findall(page)]


def length_of(counties: Counties, walker: Walker, href: str) -> int:
    """Of what is behind a link: of the reports their reminders, else of the first table."""
    page = counties.open(walker, "GET", href)
    assert page.status == 200, href
    if href == "/reports":
        return page.text.count("报送后登记")
    if href == "/inbox":
        return page.text.count('class="badge info"')
    if counted := COUNTED.search(page.text):
        return int(counted[1])
    body = re.search(r"<tbody.*?</tbody>", page.text, re.DOTALL)
    assert body is not None, href
    return len(re.findall(r'<tr role="row"(?! class="table-none")', body[0]))


def test_every_number_of_the_start_page_is_as_long_as_its_list(counties: Counties) -> None:
    """Of everybody; a nought may lead to the whole list, too."""
    wrong, seen = [], set()
    for name, walker in counties.walkers.items():
        for href, title, number in cards_of(counties, walker, "/") if walker.actor else []:
            seen.add(title)
            if number and (found := length_of(counties, walker, href)) != number:
                wrong.append((name, title, number, href, found))
    assert not wrong
    assert {"超期未录入", "待审核", "企业提交的内容", "待审批的人员更换和对象撤出"} <= seen


def test_the_boards_cards_groups_and_rows_agree(counties: Counties) -> None:
    walker = counties.walkers["tr office_staff"]
    cards = cards_of(counties, walker, "/board")
    assert len(cards) == 8
    for href, title, number in cards:
        assert length_of(counties, walker, f"/board{href}") == number, title
    for by in ("officer", "team", "department", "task"):
        page = counties.open(walker, "GET", f"/board/groups?by={by}").text
        cells = [(unescape(one[0]), int(one[1])) for one in NUMBER.findall(page)]
        assert cells, by
        for href, number in cells:
            assert length_of(counties, walker, href) == number, href
        if by in ("department", "task"):
            unmet = sum(n for href, n in cells if "state=unmet" not in href)
            assert unmet == length_of(counties, walker, "/board?state=unmet")
