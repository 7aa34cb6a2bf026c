# Facts about the machine.

function cpus(  l, c) {
  while ((getline l < "/proc/stat") > 0) {
    if (l ~ /^cpu[0-9]/) {
      c++
    }
  }
  out("host\thost\tcpus\t" c + 0)
}

function memory(  m, a) {
  m = line1("/proc/meminfo")
  if (m ~ /^MemTotal:/) {
    split(m, a, " ")
    out("host\thost\tmemoryKb\t" a[2])
  }
}

function product(  p) {
  p = line1("/sys/class/dmi/id/product_name")
  if (p != "") {
    out("host\thost\tproduct\t" clean(p, 40))
  }
}

function openFiles(  a) {
  if (split(line1("/proc/sys/fs/file-nr"), a) == 3) {
    out("host\thost\tfilesOpen\t" a[1])
    out("host\thost\tfilesMax\t" a[3])
  }
}

# How many local ports there are for connections to one place.
function localPorts(  a) {
  if (split(line1("/proc/sys/net/ipv4/ip_local_port_range"), a) == 2) {
    out("host\thost\tlocalPorts\t" a[2] - a[1] + 1)
  }
}

BEGIN {
  out("host\thost\thostname\t" clean(line1("/proc/sys/kernel/hostname"), 80))
  out("host\thost\tkernel\t" line1("/proc/sys/kernel/osrelease"))
  cpus()
  memory()
  product()
  openFiles()
  localPorts()
}
