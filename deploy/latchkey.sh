#!/bin/sh
# Runs a command as the service's user and with its settings, so that it uses the same database and keys. Example: sudo latchkey doctor
set -eu
LATCHKEY_DATA=/var/lib/latchkey
set -a
. /etc/latchkey.env
exec runuser -u latchkey -- /opt/latchkey/latchkey "$@"
