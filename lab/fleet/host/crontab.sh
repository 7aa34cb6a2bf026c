#!/bin/sh
# crontab(1) for the lab's cron: list, replace from standard input or a file, remove.
user=root
if [ "${1:-}" = -u ]; then
  user=${2:?}
  shift 2
fi
case $user in */* | .*) echo "crontab: bad user $user" >&2; exit 1 ;; esac
table="/var/spool/cron/crontabs/$user"
case ${1:-} in
  -l)
    [ -e "$table" ] || { echo "no crontab for $user" >&2; exit 1; }
    exec cat "$table"
    ;;
  -r) exec rm "$table" ;;
  '') echo 'usage: crontab [-u user] { -l | -r | - | file }' >&2; exit 1 ;;
  *)
    # written beside it and renamed: cron never sees half a table
    umask 077
    cat -- "$1" > "$table.new" && exec mv "$table.new" "$table"
    ;;
esac
