# Where the application is. Its port may be open on the host, or be handed on to a container by a proxy or by rules of the kernel alone.

# Sets inner and ip from a line "port address".
function handedOn(c,  a, l) {
  if ((c | getline l) > 0) {
    split(l, a, " ")
    inner = a[1]
    ip = a[2]
  }
  close(c)
}

# The port and address in a container to which root's userland proxy passes the port on.
function askProxies(  c, p) {
  for (p in comm) {
    if (comm[p] == "docker-proxy" && uid[p] == 0) {
      c = c " /proc/" p "/cmdline"
    }
  }
  if (c != "") {
    handedOn("for f in" c "; do tr \"\\000\" \" \" <$f; echo; done | sed -n \"s/.* -host-port " app \
      " -container-ip \\([0-9.]*\\) -container-port \\([0-9]*\\).*/\\2 \\1/p\"")
  }
}

# The same by the rules of the kernel. iptables would load the modules that it needs: it is asked where they are loaded.
function askKernel() {
  handedOn("grep -q \"^\\(iptable_nat\\|nft_chain_nat\\|nf_nat\\) \" /proc/modules && " \
    "iptables -w 1 -t nat -S | sed -n \"s/.* --dport " app " .*--to-destination \\([0-9.]*\\):\\([0-9]*\\).*/\\2 \\1/p\"")
}

# Whether the address is one of the namespace's own.
function hasAddress(p,  before, c, found, l) {
  c = "cat /proc/" p "/net/fib_trie"
  while ((c | getline l) > 0) {
    if (l ~ /host LOCAL/ && before == ip) {
      found = 1
    }
    before = l
    sub(/^.*-- /, "", before)
  }
  close(c)
  return found
}

# The first process that has the socket, but for systemd, which opens sockets for others.
function holderOf(ino,  a, i, n) {
  n = split(shared[ino], a, " ")
  for (i = 1; i <= n; i++) {
    if (a[i] != 1 || comm[1] != "systemd") {
      return a[i]
    }
  }
  return "-"
}

# Whether the process is in a container of the task that is asked for: by its control group, or else, where the agent makes none for a
# task (ECS_ENABLE_TASK_CPU_MEM_LIMIT), by the agent's label, in a file that root alone writes and where a quote within a value is escaped.
function isOfTask(p,  a, c, found, id, l) {
  c = "cat /proc/" p "/cgroup"
  while ((c | getline l) > 0) {
    if (split(containerOf(l), a, "\t") > 2) {
      id = a[2]
      found = found || index(l, "/ecs/" task "/") || index(l, "ecstasks-" task ".")
    }
  }
  close(c)
  if (!found && id != "") {
    c = "grep -o \"\\\"com.amazonaws.ecs.task-arn\\\":\\\"[^\\\"]*\" /var/lib/docker/containers/" id "*/config.v2.json"
    found = (c | getline l) > 0 && substr(l, length(l) - length(task)) == "/" task
    close(c)
  }
  return found
}

# Sets network and socket: a process of the namespace that listens on the port, and the inode. Returns how many namespaces do.
function searchNamespaces(  a, i, n) {
  for (i = 1; i <= nheard; i++) {
    split(heard[i], a, " ")
    if (a[1] == inner && a[5] != "" && a[5] != network && (ip == "" || hasAddress(a[5])) && (task == "" || isOfTask(holderOf(a[3])))) {
      n++
      network = a[5]
      socket = a[3]
    }
  }
  return n + 0
}

# The address that a port is bound to where the application is; loopback, unless it is bound to one alone.
function reach(port,  a, i, r) {
  for (i = 1; i <= nheard; i++) {
    split(heard[i], a, " ")
    if (r == "" && a[1] == port && a[5] == network && a[2] ~ /^[1-9][0-9.]+$/) {
      r = a[2]
    }
  }
  return r == "" ? "127.0.0.1" : r
}

# Sets located (a process of an application in a network of its own), network and socket, and tells the steps that ask the application:
# "where pid port address reach...". Where: host, inner, several (pid: how many containers could be it), denied, none, astray (the task
# that is asked for has no such listener; whoever else has one is not the application). Only tools of the host are run in its network,
# and its files are read from outside: a program or a link of the container is its user's choice.
function locate(  a, i, n, open, p, where) {
  inner = app
  for (i = nheard; i; i--) {
    split(heard[i], a, " ")
    if (a[1] == app && a[5] == "") {
      open = a[3]
    }
  }
  # A task has the network of its own, or a port of the host that leads to it.
  n = task == "" ? 0 : searchNamespaces()
  if (!n) {
    askProxies()
    if (ip == "" && open == "") {
      askKernel()
    }
    if (ip != "" || open == "") {
      n = searchNamespaces()
    }
  }
  p = n ? holderOf(socket) : open == "" ? "-" : holderOf(open)
  astray = task != "" && !n && !isOfTask(p)
  where = n > 1 ? "several" : astray ? "astray" : p == "-" ? (n || open != "" ? "denied" : "none") : n ? "inner" : "host"
  if (where == "inner") {
    located = p
  } else {
    network = socket = ip = ""
    inner = app
  }
  a[1] = where == "several" ? n : p
  print where, a[1], inner, (ip == "" ? "-" : ip), reach(inner), reach(health == app ? inner : health), reach(metrics == app ? inner : metrics) >tell
  fflush(tell)
}
