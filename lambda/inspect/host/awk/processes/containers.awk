# The containers of processes, by the paths of their cgroups: docker, containerd, CRI-O, podman, Kubernetes and ECS, versions 1 and 2.
# (ECS: /ecs/TASK/ID, and ecstasks.slice/ecstasks-TASK.slice/docker-ID.scope: amazon-ecs-agent, pull request 3127.)

# "runtime TAB id TAB group" of a path, "" for none. The last id is the innermost container.
function containerOf(s,  a, group, i, id, n) {
  n = split(s, a, /[\/:.-]/)
  for (i = 1; i <= n; i++) {
    if (length(a[i]) == 64 && a[i] ~ /^[0-9a-f]+$/) {
      id = a[i]
    }
  }
  if (id == "") {
    return ""
  }
  group = "-"
  if (match(s, /(\/ecs\/|ecstasks-)[0-9a-f-]+/)) {
    group = substr(s, RSTART, RLENGTH)
    sub(/^.*(\/|ecstasks-)/, "", group)
    group = "task:" substr(group, 1, 12)
  } else if (match(s, /pod[0-9a-f_-]+[.\/]/)) {
    group = substr(s, RSTART + 3, RLENGTH - 4)
    gsub(/_/, "-", group)
    group = "pod:" group
  }
  return runtimeOf(s) "\t" substr(id, 1, 12) "\t" group
}

function runtimeOf(s) {
  if (s ~ /\/ecs/) {
    return "ecs"
  }
  if (s ~ /kubepods/) {
    return "kubernetes"
  }
  return s ~ /libpod/ ? "podman" : s ~ /docker/ ? "docker" : s ~ /containerd/ ? "containerd" : "container"
}

function printContainers(  c, i, list, n, s) {
  for (i = 1; i <= napp; i++) {
    list = list " /proc/" apps[i] "/cgroup"
  }
  for (i = 1; i <= npick && i <= 30; i++) {
    list = list (pick[i] in isapp ? "" : " /proc/" pick[i] "/cgroup")
  }
  if (list == "") {
    return
  }
  c = "grep -H . " list ""
  while (each(c)) {
    s = containerOf(rest1)
    if (s != "" && !(at1 in contained)) {
      contained[at1]
      if (++n <= 30) {
        out("app\tcontainer\t" at1 "\t" s)
      }
    }
  }
  if (located != "" && !(located in contained)) {
    out("app\tcontainer\t" located "\tnamespace\t-\t-")
  }
}
