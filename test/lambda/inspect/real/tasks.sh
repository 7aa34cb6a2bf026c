# Two tasks of a service of ECS on one host: each has a network of its own, and all listen on one port, as does a program of the host
# that has nothing to do with them. By the connections that wait in their pools they are told apart: 3, 7, and 99 on the host.
# $1: what says whose a container is: cgroup1 (/ecs/TASK/ID), cgroup2 (slices of systemd), label (no group of a task, but what Docker
# knows), forged (as label, where a container has the label of another task in its environment), bridge (as cgroup2, and a port of the host
# is handed on to the tasks' port by Docker's proxy). $2: the id of the task that is asked for.
# Prints the inspection of the host. Run in namespaces of its own by tasks.host.test.ts.
set -eu
cd "$(dirname "$0")"
PATH=$PATH:/usr/sbin:/sbin
ip link set lo up
mount -t tmpfs tmpfs /mnt
mount -t tmpfs tmpfs /var/lib

# letter waiting: starts the task whose id ends in the letter, in a container whose id is made of it
task() {
  task=$(printf "%031d%s" 0 "$1" | tr 0 c)
  id=$(printf "%064d" 0 | tr 0 "$1")
  unshare --net --pid --fork sh -c 'ip link set lo up; exec "$@"' task "$NODE" app.js 0 "$2" &
  outer=$!
  until pid=$(tr -d " " <"/proc/$outer/task/$outer/children") && [ -n "$pid" ] && grep -q ':1F90 .* 0A ' "/proc/$pid/net/tcp6"; do sleep 0.1; done
  case $way in
    cgroup1) printf '2:memory:/ecs/%s/%s\n1:name=systemd:/ecs/%s/%s\n' "$task" "$id" "$task" "$id" ;;
    cgroup2 | bridge) echo "0::/ecstasks.slice/ecstasks-$task.slice/docker-$id.scope" ;;
    *) echo "0::/system.slice/docker-$id.scope" ;;
  esac >"/mnt/$1"
  mount --bind "/mnt/$1" "/proc/$pid/cgroup"
  mkdir -p "/var/lib/docker/containers/$id"
  label="\"com.amazonaws.ecs.task-arn\":\"arn:aws:ecs:us-east-1:111122223333:task/shop/$task\""
  env=
  [ "$way" != forged ] || env="\"Env\":[\"X=\\\"com.amazonaws.ecs.task-arn\\\":\\\"arn:aws:ecs:us-east-1:111122223333:task/shop/$asked\\\"\"],"
  echo "{\"Config\":{$env\"Labels\":{$label}}}" >"/var/lib/docker/containers/$id/config.v2.json"
  case $way in label | forged) ;; *) rm -r /var/lib/docker ;; esac
}

way=$1
asked=$2
"$NODE" app.js 0 99 &
task a 3
task b 7
if [ "$way" = bridge ]; then
  cat >/mnt/proxy.js <<'JS'
require('node:fs').writeFileSync('/proc/self/comm', 'docker-proxy');
require('node:net').createServer().listen(32768);
setInterval(() => {}, 1e6);
JS
  "$NODE" /mnt/proxy.js -proto tcp -host-ip 0.0.0.0 -host-port 32768 -container-ip 127.0.0.1 -container-port 8080 &
  until grep -q ':8000 .* 0A ' /proc/net/tcp6; do sleep 0.1; done
  export SSM_appPort=32768
fi
SSM_task=$asked sh "$INSPECT"
