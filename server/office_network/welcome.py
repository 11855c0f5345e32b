"""The door a phone knocks at first: one page and the authority's certificate, over plain HTTP.

Before a phone trusts the authority it cannot open the product's own address without a warning.
This serves nothing else, reads nothing that is sent, and knows no session. Run as
``python -m server.office_network.welcome HOST PORT FILE URL``.
"""

from __future__ import annotations

import sys
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server.office_network.authority import fingerprint

CERTIFICATE = "/suicha-authority.crt"
STEPS = {
    "zh-CN": (
        "在这部手机上使用随查",
        (
            "安卓：点“下载证书”；打开手机“设置”，搜索“CA 证书”，选择“安装”，选中刚下载的文件。",
            "苹果：点“下载证书”并允许；打开“设置”顶部的“已下载描述文件”安装；"
            "再到“通用 → 关于本机 → 证书信任设置”打开开关。",
            "核对证书指纹与电脑屏幕上的一致，然后点“打开随查”，用浏览器菜单“添加到主屏幕”。",
        ),
        "下载证书", "打开随查", "证书指纹（SHA-256）",
    ),
    "en": (
        "Suicha on this phone",
        (
            "Android: tap “Download certificate”; open the phone's Settings, search for "
            "“CA certificate”, choose Install and the file.",
            "iPhone: tap “Download certificate” and allow it; install “Profile Downloaded” at the "
            "top of Settings; then turn it on in General → About → Certificate Trust Settings.",
            "Compare the fingerprint with the computer's screen, then tap “Open Suicha” and add it "
            "to the home screen from the browser's menu.",
        ),
        "Download certificate", "Open Suicha", "Certificate fingerprint (SHA-256)",
    ),
}  # fmt: skip
STYLE = (
    "body{font:1rem/1.7 system-ui,sans-serif;max-width:34rem;margin:1rem auto;padding:0 1rem;"
    "color:#1b1d21;background:#faf9f5}a{display:block;margin:.75rem 0;padding:.75rem;"
    "text-align:center;background:#0b57a4;color:#fff;border-radius:.375rem;text-decoration:none}"
    "code{word-break:break-all}li{margin:.5rem 0}"
)


def build_page(url: str, digest: str) -> str:
    """Both languages on one page: nobody is signed in, and it is read once."""
    parts = []
    for lang, (title, steps, download, enter, named) in STEPS.items():
        listed = "".join(f"<li>{escape(step)}</li>" for step in steps)
        parts.append(
            f'<section lang="{lang}"><h1>{escape(title)}</h1><ol>{listed}</ol>'
            f'<a href="{CERTIFICATE}">{escape(download)}</a>'
            f'<a href="{escape(url)}">{escape(enter)}</a>'
            f"<p>{escape(named)}<br><code>{escape(digest)}</code></p></section>"
        )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>随查 Suicha</title>'
        f"<style>{STYLE}</style>{''.join(parts)}"
    )


def make_server(host: str, port: int, authority: Path, url: str) -> ThreadingHTTPServer:
    """Listens at once; answers when it is told to serve."""
    page = build_page(url, fingerprint(authority)).encode()
    answers = {
        "/": (page, "text/html; charset=utf-8"),
        CERTIFICATE: (authority.read_bytes(), "application/x-x509-ca-cert"),
    }

    class Door(BaseHTTPRequestHandler):
        timeout = 10  # seconds of silence

        def do_GET(self) -> None:  # the name is http.server's
            found = answers.get(self.path)
            if found is None:
                self.send_error(404)
                return
            body, kind = found
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """Says nothing: the terminal shows the QR code."""

    return ThreadingHTTPServer((host, port), Door)


if __name__ == "__main__":
    door = make_server(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    sys.stdout.write("open\n")  # for whoever sends people here
    sys.stdout.flush()
    door.serve_forever()
