#!/bin/sh
# Installs what the tests need and this machine lacks, from Debian's packages: Chromium, PostgreSQL, Redis, and the checkers
# of what stands in deploy/ (promtool, nginx, kubectl, systemd-analyze).
# Without rights to install, the suites that need them are skipped, each with its reason.
set -u
missing=""
[ -x /usr/bin/chromium ] || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -x /usr/bin/redis-server ] || missing="$missing redis-server"
command -v promtool >/dev/null 2>&1 || missing="$missing prometheus"
command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
command -v kubectl >/dev/null 2>&1 || missing="$missing kubernetes-client"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
if [ -n "$missing" ]; then
  echo "The tests need:$missing"
  if [ "$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null 2>&1; then run="sudo"; else run="none"; fi
  if [ "$run" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "They cannot be installed here (no apt-get, or no right to use it); suites that need them will be skipped."
  else
    $run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing \
      || echo "Installing failed; suites that need them will be skipped."
  fi
fi
exit 0
