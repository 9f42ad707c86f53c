#!/bin/sh
# Runs a command as the service's user and with its settings, so that it uses the same database and keys. Example: sudo latchkey doctor
set -eu
set -a
LATCHKEY_DATA=/var/lib/latchkey
. /etc/latchkey.env
exec runuser -u latchkey -- /opt/latchkey/latchkey "$@"
