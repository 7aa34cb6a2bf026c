# What every Debian server runs: a system log and cron.
rsyslogd -n &
cron -f &
wait
