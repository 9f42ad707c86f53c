#!/bin/sh
# Runs a command with the settings of the service and as its user, so that it meets the same database and keys: sudo latchkey doctor
set -eu
LATCHKEY_DATA=/var/lib/latchkey
set -a
. /etc/latchkey.env
exec runuser -u latchkey -- /opt/latchkey/latchkey "$@"
