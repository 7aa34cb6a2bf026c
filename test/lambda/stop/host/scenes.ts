/** Scenes of stop.host.test.ts: what is played on a host of its own (world.sh). */

/**
 * A job of cron's: `report` with a child of its own, in a crontab with other lines and with a
 * carriage return. Its line starts `part` beside it, which is no part of its tree.
 */
export const JOB = String.raw`
  cp /bin/sleep /run/part; cp /bin/sleep /run/child; cp /bin/bash /run/report
  echo 'trap "exit 0" TERM; /run/child 200 & wait' >/run/report.sh
  printf 'SHELL=/bin/sh\n# reports\n5 * * * * root /usr/bin/true\n*/10 * * * * root /run/report /run/report.sh & /run/part 200; wait\r\n' >/etc/cron.d/reports
  chmod 640 /etc/cron.d/reports; chown 0:8 /etc/cron.d/reports
  before=$(facts /etc/cron.d/reports)
  command=$(printf '/run/report /run/report.sh & /run/part 200; wait\r')
  start "$command"
  pid=$(pid_of report); child=$(pid_of child); part=$(pid_of part)
  plan=$(plan $pid); digest=$(digest "$plan")
`;

/** What is said at the end of a scene that must have changed nothing. */
export const UNCHANGED = String.raw`
  say changed "$([ "$before" = "$(facts /etc/cron.d/reports)" ] && echo no || echo yes)"
  say runs "$(runs $pid) $(runs $child)"
  say record "$(ls /var/lib/sickbay/stops 2>/dev/null || true)"
`;

export const LOOKS = String.raw`${JOB}
  say plan "$plan"
  say pids "[$pid,$child]"
  say lineage "[$(awk '{print $4}' /proc/$pid/stat)]"
  ${UNCHANGED}`;

export const STOPS = String.raw`${JOB}
  say stopped "$(stop $pid $digest)"
  say line "$(tail -1 /etc/cron.d/reports)"
  say pids "[$pid,$child]"
  say runs "$(runs $pid) $(runs $child) $(runs $part)"
  say held "$(status)"
  say again "$(stop $pid $digest)"
  say other "$(stop $pid $(echo $digest | tr 0-9a-f f0-9a-e))"
  printf '0 0 * * * root another\n' >>/etc/cron.d/reports
  say undone "$(undo)"; say twice "$(undo)"
  sed -i '$d' /etc/cron.d/reports
  say same "$([ "$before" = "$(facts /etc/cron.d/reports)" ] && echo yes || echo no)"
  say left "$(ls -A /etc/cron.d | tr '\n' ' ')"
  say free "$(status)"
  start "$command"; pid_of report >/dev/null
  say back "$(status)"`;

/** Between the approval and the stop, `what` happens. */
export const MEANWHILE = (what: string, ask = 'stop $pid $digest'): string => String.raw`${JOB}
  ${what}
  before=$(facts /etc/cron.d/reports)
  say outcome "$(${ask})"
  ${UNCHANGED}`;

/** A job that ends at nothing but KILL. */
export const STUBBORN = (allowKill: boolean, also = ''): string => String.raw`
  cp /bin/bash /run/report
  echo 'trap "" TERM; ${also} while :; do read -t 100 <>/run/never; done' >/run/report.sh; mkfifo /run/never
  echo '*/10 * * * * root exec /run/report /run/report.sh' >/etc/cron.d/reports
  start 'exec /run/report /run/report.sh'
  pid=$(pid_of report); sleep 0.2
  plan=$(plan $pid); digest=$(digest "$plan")
  say plan "$plan"
  say outcome "$(stop $pid $digest ${allowKill})"
  say runs "$(runs $pid)"
  say status "$(status)"
  say line "$(cat /etc/cron.d/reports)"`;

/** A parent that starts a child anew whenever one ends. */
export const RESPAWNS = String.raw`
  cp /bin/bash /run/report; cp /bin/sleep /run/child
  echo 'while :; do /run/child 100; echo again >>/run/count; done' >/run/report.sh
  echo '*/10 * * * * root exec /run/report /run/report.sh' >/etc/cron.d/reports
  start 'exec /run/report /run/report.sh'
  pid=$(pid_of report); child=$(pid_of child)
  digest=$(digest "$(plan $pid)")
  say outcome "$(stop $pid $digest)"
  sleep 0.2
  say children "$(pgrep -xc child || true)"
  say count "$(cat /run/count 2>/dev/null || true)"`;
