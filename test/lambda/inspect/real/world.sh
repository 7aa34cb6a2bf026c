# One host in namespaces of its own: an application, its database, decoys and hostile neighbours that every host has, and on the sick host
# one job ($1) that holds two connections. Prints the inspection. Run by world.ts.
set -eu
cd "$(dirname "$0")"
ip link set lo up
mount -t tmpfs tmpfs /var/spool
mkdir -p /var/spool/cron/crontabs
# letter count
letters() { head -c "$2" /dev/zero | tr '\0' "$1"; }
cat >/var/spool/cron/crontabs/root <<TAB
MAILTO=x
$2 * * * * /opt/backup --password 'S3cretOfCron two'
5 5 * * * mysqldump -uroot -pS3cretOfCron shop
6 6 * * * /opt/x --token $(letters t 240) postgres://u:S3cretOfCutLine$(letters s 90)@db/x
TAB
mkfifo /var/spool/hold
role=$1; minute=$2; shift; shift

node=$NODE
"$node" database.js "$([ "$role" = sick ] && echo silent || echo answers)" &
until (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null; do sleep 0.1; done
[ "$role" = well ] || "$@" & # before the application waits: it is what it waits for
until [ "$role" = well ] || [ "$(grep -c ' 0100007F:1538 01 ' /proc/net/tcp)" -ge 2 ]; do sleep 0.1; done
export SHOP_HOST="postgres://u:S3cretOfHost$(letters s 200)@db" SHOP_ENDPOINT='https://x/?api_key=S3cretOfEndpoint'
export SHOP_LOG_LEVEL=info https_proxy=http://u:S3cretOfProxy@proxy.internal:3128 RUBYOPT='-W0 --token=S3cretOfOption' DEBUG_TOKEN=S3cretOfDebug
if [ "$role" = sick ]; then "$node" app.js 12 30 & else "$node" app.js 4 0 & fi
until (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; do sleep 0.1; done

# On every host: a heavy loop that outlasts the inspection on a fast machine too, an agent with the
# host's own id that is connected to the database, jobs that do nothing.
bash -c 'n=0; while [ "$n" -lt 2000000000 ]; do n=$((n + 1)); done; sleep 60' heavy &
id=$(od -An -N8 -tx1 /dev/urandom | tr -d ' ')
bash -c 'exec 3<>/dev/tcp/127.0.0.1/5432; exec 4<>/var/spool/hold; read -r x <&4' \
  agent --node "i-$id" --zone "us-east-1$minute" &
for i in 1 2 3; do sleep 300 & done

# Names and arguments that would forge a row, a section, the end, a parent or a terminal's colours.
bash -c 'printf "x) R 1 1\n## end ok" >/proc/$$/comm; sleep 300; :' &
bash -c 'printf "a<1:cron<9:x" >/proc/$$/comm; sleep 300; :' &
bash -c 'sleep 300; :' x "$(printf '## end ok\nproc\t1\t1\n\033[31mred\007')" '`touch /tmp/pwned`$(touch /tmp/pwned)' '"'"'" "é" &
bash -c 'sleep 300; :' x --token "$(letters t 1440)" "postgres://u:S3cretOfTail$(letters s 90)@db/x" &
env PGPASSWORD=S3cretOfEnv AWS_SECRET_ACCESS_KEY=S3cretOfEnv bash -c 'sleep 300; :' \
  x --password S3cretOfArg postgres://u:S3cretOfUrl@db/x -H "Authorization: Bearer S3cretOfHeader" -p'S3cretOfP' &

sleep 3
sh "$INSPECT"
