# What the application is: its release and configuration, by allowlisted names only.
step_app() {
  pid=$owner
  case $where in
    several) status app partial "$pid containers have a listener that could be the one of port $appPort" ;;
    astray) status app missing "no process of the task listens on port $appPort" ;;
    denied) status app denied "the process that listens on port $appPort belongs to another user" ;;
    none) status app missing "nothing listens on port $appPort" ;;
    late) status app timeout "the processes were not read in time" ;;
  esac
  case $where in host | inner) ;; *) return ;; esac
  proc=/proc/$pid
  exe=$(readlink "$proc/exe") || exe=-
  fact exe "$exe"
  cwd=$(readlink "$proc/cwd") || cwd=
  [ -z "$cwd" ] || fact cwd "$cwd"
  uid=$(awk '/^Uid:/ { print $3; exit }' "$proc/status")
  image
  head -c 262144 "$proc/environ" | tr '\000\n' '\n ' | awk -v pid="$pid" -v container="$container" "$AWK_ENVIRONMENT"
  head -c 8192 "$proc/cmdline" | tr '\000\n' '\n ' | head -n 20 | program
  opened
  heap
  counters=
  case $exe in */java) counters=$(jvm) ;; esac
  releases
  step_cgroup "$pid"
  # Last: it starts more programs than all before it, and a host without a free CPU may not come to its end.
  changed
  case $exe in
    */java)
      jvm | grep . || fact jvm:gc -
      ;;
  esac
}

# key value: of the application
fact() {
  row app app "$pid" "$@"
}

# What the JVM counts for jstat, in a file of its own user: read as such, and nothing attaches to it. counters: of the look before.
jvm() {
  inner=$(sed -n 's/^NSpid:.*[^0-9]//p' "$proc/status")
  for file in "$proc/root/tmp/hsperfdata_"*/"${inner:-$pid}"; do
    own "$uid" 65536 "$file" "$pid" | od -An -v -tu1 | awk -v pid="$pid" -v old="$counters" "$AWK_HSPERF"
    return
  done
}

# The program behind its links ("current" -> releases/1.42.0): the first argument after the interpreter that is a file. Its name is
# told, it is not read. In: arguments, a line each.
program() {
  read -r word
  file=
  while read -r word; do
    case $word in
      -*) continue ;;
      /*) file=$proc/root$word ;;
      *) file=$proc/cwd/$word ;;
    esac
    [ -f "$file" ] && break
    file=
  done
  [ -n "$file" ] || return
  # In a container the links are the container's own: what they mean from outside is another file.
  isMounted "$pid" || {
    fact program "$word"
    return
  }
  file=$(readlink -f "$file")
  file=${file#"$proc/root"}
  case $file in "$proc/cwd"/*) file=$cwd${file#"$proc/cwd"} ;; esac
  fact program "$file"
}

# Directories of files that it has open.
opened() {
  # shellcheck disable=SC2012
  ls "$(listing -l)" "$proc/fd" | sed -n 's/.* -> \(\/.*\)\/[^\/]*$/\1/p' |
    grep -v '^/\(dev\|proc\|sys\)' | sort -u | head -n 8 | while read -r directory; do
    fact opens "$directory"
  done
}

# Sizes of a heap, from the arguments and the environment, where long options would be cut before them.
heap() {
  # shellcheck disable=SC2020
  sizes=$(cat "$proc/cmdline" "$proc/environ" | head -c 262144 |
    tr '\000 ' '\n\n' | sed 's/^[A-Z_]*=//' |
    grep -xe '-X\(mx\|ms\|mn\|ss\)[0-9]*[kKmMgG]\{0,1\}' \
      -e '-XX:[A-Za-z]*\(RAM\|Memory\|Metaspace\|Threads\|Heap\)[A-Za-z]*=[0-9.]*[kKmMgG]\{0,1\}' -e '--max-old-space-size=[0-9]*' |
    sort -u | head -n 12 | tr '\n' ' ')
  [ -z "$sizes" ] || fact heap "${sizes% }"
}

# path size: tells two contents of one size apart, and says next to nothing of either: 256 sums there are. Of no large file, and of none
# that is all secret.
sum() {
  case ${1##*/} in *shadow* | *passwd* | *group* | *key* | *.pem) return ;; esac
  [ "$2" -gt 65536 ] || own "$uid" 65536 "$1" "$pid" | cksum | {
    read -r crc bytes && [ "$bytes" = "$2" ] && echo ":$((crc % 256))"
  }
}

# Files of the configuration, and of the application's own directory, that were changed within a week, the newest first: sizes, sums
# and names.
changed() {
  set -- "$proc/root/etc"
  [ "$cwd" = / ] || set -- "$1" "$proc/cwd/."
  sums=16
  {
    limited 3 find "$@" -xdev -maxdepth 5 -type f -mtime -7 ! -name '*.log' -exec ls -lnt {} + || echo late
  } 2>/dev/null | head -n 30 | while read -r _ _ _ _ size _ _ _ file; do
    [ -n "$file" ] || {
      status files partial 'not every file was looked at'
      continue
    }
    sum=
    [ "$sums" = 0 ] || sum=$(sum "$file" "$size" 2>/dev/null)
    sums=$((sums > 0 ? sums - 1 : 0))
    file=${file#"$proc/root"}
    case $file in /proc/*) file=$cwd${file#"$proc/cwd/."} ;; esac
    row files app "$pid" "changed:$size$sum" "$file"
  done
}

# Files by which a release is known.
releases() {
  for name in VERSION REVISION version.txt .release; do
    text=$(own "$uid" 80 "$proc/cwd/$name" | tr -d '\000' | tr '\n\t' '  ')
    [ -z "$text" ] || fact "file:$name" "$text"
  done
  text=$(own "$uid" 65536 "$proc/cwd/package.json" | sed -n 's/^ *"version": *"\([^"]*\)".*/\1/p' | head -n 1 | head -c 60)
  [ -z "$text" ] || fact file:package.json "$text"
}

# pid: whether it sees the files that we see
isMounted() {
  [ "$(readlink "/proc/$1/ns/mnt")" = "$(readlink /proc/self/ns/mnt)" ]
}
