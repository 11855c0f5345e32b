#!/bin/sh
# Installs a hash-locked list into .venv: install.sh requirements/runtime.txt
# uv is three times quicker than pip but reads none of pip's settings, so a mirror set for pip is
# handed over; where uv still finds no way to the packages, pip, which knows all its settings, goes.
set -eu
lock=$1
bin=.venv/bin

pip_setting() { # index-url → the value from pip's environment or files, or nothing
  "$bin/python" -m pip config list 2>/dev/null |
    sed -n "s/^\(:env:\|global\|install\)\.$1='\(.*\)'\$/\2/p" | head -n 1
}

if [ -z "${UV_INDEX_URL:-}${UV_DEFAULT_INDEX:-}" ]; then
  index=$(pip_setting index-url)
  [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
  cert=$(pip_setting cert)
  [ -z "$cert" ] || export SSL_CERT_FILE="$cert"
fi
export UV_LINK_MODE=copy

echo "· installing $lock"
"$bin/uv" pip install --quiet --python "$bin/python" --require-hashes -r "$lock" && exit 0
echo "· uv did not get through: trying pip"
exec "$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
