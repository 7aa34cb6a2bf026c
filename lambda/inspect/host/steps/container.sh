# What the runtime of containers knows of the application's container, of files that root alone writes: of Docker
# (/var/lib/docker/containers/ID/config.v2.json) and of containerd, whose annotations are those of the kubelet (config.json of the task).
# Sets container: the first twelve digits of its id.
image() {
  id=$(grep -o '[0-9a-f]\{64\}' "$proc/cgroup" | tail -n 1)
  container=$(printf %.12s "$id")
  [ -n "$id" ] || return
  for file in "/var/lib/docker/containers/$id/config.v2.json" /run/containerd/io.containerd.runtime.v2.task/*/"$id"/config.json; do
    known "$file" image 'Image":"\|io\.kubernetes\.cri\.image-name": *"'
    known "$file" name 'Name":"/\|io\.kubernetes\.cri\.container-name": *"\|com\.amazonaws\.ecs\.container-name": *"'
    known "$file" pod 'io\.kubernetes\.cri\.sandbox-name": *"\|io\.kubernetes\.pod\.name": *"'
    known "$file" namespace 'io\.kubernetes\.cri\.sandbox-namespace": *"\|io\.kubernetes\.pod\.namespace": *"'
    known "$file" family 'com\.amazonaws\.ecs\.task-definition-family": *"'
  done
}

# file key pattern: the value that follows the pattern, where it is a name
known() {
  value=$(own 0 262144 "$1" | grep -o "\"\($3\)[A-Za-z0-9._/:@-]*\"" | sed 's/^.*"\/\{0,1\}\([^"]*\)"$/\1/' | grep -v '^sha256:' | head -n 1)
  [ -z "$value" ] || row app image "$container" "$2" "$value"
}
