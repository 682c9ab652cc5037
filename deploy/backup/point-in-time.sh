#!/bin/sh
# Keeps full backups of a PostgreSQL and its write-ahead log with pgBackRest, and brings it back to a moment. Run as the user whose the
# cluster is. PGBACKREST_CONFIG names the configuration where it is not /etc/pgbackrest.conf, PGBACKREST_STANZA the stanza.
#
#   point-in-time.sh begin              once, with the server running and its archive_command set
#   point-in-time.sh full               a full backup, beside the running server
#   point-in-time.sh incremental        what changed since the last one
#   point-in-time.sh restore MOMENT     with Latchkey and the server stopped; MOMENT such as '2026-12-01 09:30:00+00'. Then start the
#                                       server, which replays the log up to there, then run audit verify, then start Latchkey.
set -eu
stanza="${PGBACKREST_STANZA:-latchkey}"
config="${PGBACKREST_CONFIG:-/etc/pgbackrest.conf}"
# Named on the command line, so that the command by which the server fetches its log names them, too.
unset PGBACKREST_STANZA PGBACKREST_CONFIG
pgbackrest() { command pgbackrest "--config=$config" "--stanza=$stanza" "$@"; }
case "${1:-}" in
  begin)
    pgbackrest stanza-create
    pgbackrest check
    ;;
  full) pgbackrest --type=full backup ;;
  incremental) pgbackrest --type=incr backup ;;
  restore) pgbackrest --delta --type=time "--target=${2:?the moment is missing}" --target-action=promote restore ;;
  *)
    sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
