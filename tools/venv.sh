#!/bin/sh
# Makes .venv with a Python that is new enough, and puts uv into it. A venv that works is kept.
# PYTHON=/path/to/python chooses the interpreter.
set -eu
venv=.venv

fail() { # zh, en
  printf '\n✗ %s\n✗ %s\n\n' "$1" "$2" >&2
  exit 1
}

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

can_make() {
  "$1" -c 'import venv, ensurepip' 2>/dev/null
}

# A copied or moved tree, or an upgraded system Python, leaves a venv whose scripts point nowhere.
if [ -f "$venv/.path" ] && [ "$(cat "$venv/.path")" != "$PWD" ]; then
  echo "· .venv was made elsewhere: making it again"
  rm -rf "$venv"
fi
if [ -e "$venv" ] && ! is_new_enough "$venv/bin/python"; then
  echo "· .venv has no working Python 3.11 or newer: making it again"
  rm -rf "$venv"
fi

if [ ! -e "$venv" ]; then
  python=
  # The system's own first: it is kept up to date, any account may run it (one under a closed home
  # hangs where a service starts as another account), and it is built with optimisation.
  for candidate in ${PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11 python3.14}; do
    if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
      python=${python:-$candidate}
      can_make "$candidate" && python=$candidate && break
    fi
  done
  found=$("${PYTHON:-python3}" -V 2>&1 || true)
  [ -n "$python" ] || fail \
    "需要 Python 3.11 或更高版本（本机：$found）。Debian 12：apt install python3 python3-venv" \
    "Python 3.11 or newer is needed (found: $found). Debian 12: apt install python3 python3-venv"
  can_make "$python" || fail \
    "$python 缺少 venv 模块。Debian/Ubuntu：apt install python3-venv" \
    "$python has no venv module. Debian/Ubuntu: apt install python3-venv"
  echo "· making .venv with $("$python" -V)"
  "$python" -m venv "$venv"
fi

"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
  -r requirements/uv.txt || fail \
  "无法下载 Python 软件包：请检查网络或 pip 镜像设置（pip config set global.index-url …）。" \
  "Python packages cannot be fetched: check the network or pip's index setting (pip config set global.index-url …)."
printf '%s\n' "$PWD" >"$venv/.path"
