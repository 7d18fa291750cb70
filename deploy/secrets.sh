#!/bin/sh
# Writes .env at the top with random secrets, for Compose to read. Changes nothing that is there: a password that PostgreSQL
# has been made with stays (deploy/README.md, "Rotate secrets").
set -eu
cd "$(dirname "$0")/.."
umask 077
touch .env
# What is added must not go on in the last line.
[ -z "$(tail -c1 .env)" ] || echo >>.env

add() {
  if grep -q "^$1=." .env; then
    echo "$1 is there and stays"
  else
    printf '%s=%s\n' "$1" "$2" >>.env
    echo "$1 written to .env"
  fi
}
random_bytes() { head -c "$1" /dev/urandom; }

# Hexadecimal: it stands in a URL.
add POSTGRES_PASSWORD "$(random_bytes 24 | od -An -v -tx1 | tr -d ' \n')"
# No secret, but each cluster has one of its own: 16 bytes in base64 of 22 characters.
add KAFKA_CLUSTER_ID "$(random_bytes 16 | base64 | tr '+/' '-_' | tr -d '=\n')"
