#!/bin/sh
# Makes .env with new secrets for compose.yaml, readable by its owner only. An existing one is kept:
# a new database password would lock the running database out.
set -eu
if [ -e .env ]; then
  echo "· .env 已存在，保留 | .env exists and is kept"
  exit 0
fi
secret() { # as hexadecimal digits: they need no quoting in an address
  od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'
}
umask 077
{
  echo "POSTGRES_PASSWORD=$(secret 24)"
  echo "SUICHA_SECRET_KEY=$(secret 32)"
} >.env
echo "· .env 已生成 | .env made"
