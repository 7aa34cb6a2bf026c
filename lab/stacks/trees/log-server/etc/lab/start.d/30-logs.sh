# rsyslog that takes the logs of the fleet.
cat > /etc/rsyslog-central.conf <<'CONF'
module(load="imtcp")
input(type="imtcp" port="6514")
*.* action(type="omfile" file="/var/log/fleet.log")
CONF
rsyslogd -n -f /etc/rsyslog-central.conf -i /run/central.pid &
: > /run/ready
wait
