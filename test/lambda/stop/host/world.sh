# A host of its own for one scene: crontabs, records and processes that nobody else sees. Sourced by
# world.ts with the scripts of the three documents as $PLAN, $STOP, $UNDO. A scene prints what it
# sees, each by a name: `say plan "$(plan $pid)"`.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount --make-rprivate /
for place in /etc/cron.d /var/spool/cron /var/lib /run; do mount -t tmpfs none "$place"; done
chmod 755 /etc/cron.d /var/spool/cron /var/lib
mkdir -m 1730 /var/spool/cron/crontabs
: >/run/crontab
mount --bind /run/crontab /etc/crontab
if [ "${PYTHON:-/usr/bin/python3}" != /usr/bin/python3 ]; then
  printf '#!/bin/sh\nexec %s "$@"\n' "$PYTHON" >/run/python
  chmod 755 /run/python
  mount --bind /run/python "$(readlink -f /usr/bin/python3)"
fi
# What starts jobs, by the name of its program: a shell that does what cron does for one line.
cp /bin/bash /run/cron
echo 'setsid /bin/sh -c "$1" & wait' >/run/cron.sh

say() { printf '%s\t%s\n' "$1" "$2"; }
# start COMMAND: cron starts a line's command, as soon as it says so.
start() { /run/cron /run/cron.sh "$1" & }
# pid_of NAME: waits until exactly one process runs a program of this name.
pid_of() {
  for _ in $(seq 200); do
    found=$(pgrep -x "$1" || true)
    case $found in '' | *[!0-9]*) sleep 0.02 ;; *) echo "$found"; return ;; esac
  done
  echo "no one process $1: $found" >&2
  exit 1
}
now() { date +%s; }
plan() { env SSM_ask=plan SSM_caseId=case-1 SSM_pid="$1" sh "$PLAN"; }
status() { env SSM_ask=status SSM_caseId=case-1 SSM_pid=0 sh "$PLAN"; }
# digest PLAN
digest() { printf %s "$1" | sed 's/.*"digest":"\([0-9a-f]*\)".*/\1/'; }
# stop PID DIGEST [ALLOW_KILL [CASE]]
stop() {
  env SSM_caseId="${4-case-1}" SSM_pid="$1" SSM_digest="$2" SSM_allowKill="${3-false}" \
    SSM_expiresAt="${EXPIRES_AT-$(($(now) + 60))}" SSM_undoAt=2000000000 sh "$STOP"
}
undo() { env SSM_caseId=case-1 sh "$UNDO"; }
# Whether a process runs, a zombie does not.
runs() { case $(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null) in '' | Z | X) echo no ;; *) echo yes ;; esac; }
# Bytes, mode, owner and number of names of a file.
facts() { stat -c '%a %u:%g %h' "$1"; od -An -v -tx1 "$1" | tr -d ' \n'; }
