#!/bin/sh
# Installs the Debian packages the tests need and asks apt only when one is missing.
# `make run` needs none of them.
set -eu
packages='chromium chromium-headless-shell firefox-esr postgresql fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils'

fail() { # zh, en
  printf '\n✗ %s\n✗ %s\n\n' "$1" "$2" >&2
  exit 1
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  if command -v chromium >/dev/null && command -v chromium-headless-shell >/dev/null && command -v firefox-esr >/dev/null &&
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    exit 0
  fi
  fail "测试需要 Chromium（含 chromium-headless-shell）、Firefox ESR、PostgreSQL 15+ 和 Noto CJK 字体；本机不是 Debian/Ubuntu，请自行安装。" \
    "The tests need Chromium (with chromium-headless-shell), Firefox ESR, PostgreSQL 15+ and the Noto CJK fonts; this is no Debian or Ubuntu: please install them yourself."
fi

missing=
for package in $packages; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null; then
  as_root=sudo
else
  fail "测试还缺少：$missing。请用 root 执行：apt-get install --no-install-recommends$missing" \
    "The tests still need:$missing. As root: apt-get install --no-install-recommends$missing"
fi

echo "· installing$missing (a few minutes)"
log=$(mktemp)
# Debian starts a database server when the package arrives. The tests start their own, so nothing
# is started here; a policy the machine already has is left as it is.
policy=/usr/sbin/policy-rc.d
made_policy=
finish() {
  [ -z "$made_policy" ] || $as_root rm -f "$policy"
  rm -f "$log"
}
trap finish EXIT
trap 'exit 130' INT TERM
if [ ! -e "$policy" ]; then
  made_policy=1
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
  $as_root chmod 755 "$policy"
fi

apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1
}
# shellcheck disable=SC2086 # one word per package
if ! apt update || ! apt install --no-install-recommends $missing; then
  tail -n 20 "$log" >&2
  fail "系统软件包安装失败：$missing" "Debian packages could not be installed:$missing"
fi
