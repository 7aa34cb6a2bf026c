# Steps run with their standard error closed off, and write lines "section TAB row" to one pipe.

# value default forbidden-characters
valid() {
  case $1 in
    '') printf '%s' "$2" ;;
    *$3*)
      echo "inspect.sh: parameter '$1' has a character that is not allowed" >&2
      return 2
      ;;
    *) printf '%s' "$1" ;;
  esac
}

# section column...: one write a line, so that lines of two steps do not mix
row() {
  line=$1
  shift
  for cell in "$@"; do
    case $cell in *"$NL"* | *"$TAB"*) cell='?' ;; esac
    line="$line$TAB$cell"
  done
  printf '%s\n' "$line"
}

# section status reason
status() {
  printf '%s\t!%s\t%s\n' "$1" "$2" "${3:-}"
}

centis() {
  read -r up _ </proc/uptime
  up=${up%.*}${up#*.}
  echo "${up#0}"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# seconds command...
if has timeout; then
  limited() {
    timeout -s KILL "$@" 2>/dev/null
  }
else
  limited() {
    (
      seconds=$1
      shift
      "$@" 2>/dev/null &
      child=$!
      watch "$seconds" "$child" >/dev/null 2>&1 &
      watcher=$!
      wait $child
      result=$?
      kill $watcher
      exit $result
    )
  }
fi

# seconds; an order to end is heard meanwhile, where it is trapped
nap() {
  [ "$1" -gt 0 ] || return
  sleep "$1" &
  nap=$!
  wait $nap
}

# seconds pid: ends the process and what it started; ends with its own sleep when it is told to
watch() {
  trap 'kill $nap; exit' TERM
  nap "$1"
  # shellcheck disable=SC2046
  kill -9 $(tree "$2")
}

# The first bytes of a file in a directory that the application's user may write to, while we are root: of a regular file and no link,
# which, once it is open and can be swapped no more, is the process's own (uid; *: anybody's) or root's and everybody's to read. The
# kernel's files have no size. A pipe that took the file's place would make the open wait: it is given up.
OWN='[ -f "$1" ] && [ ! -L "$1" ] && exec <"$1" && [ -s /proc/self/fd/0 ] && l=$(ls -lnLd /proc/self/fd/0) || exit 0
[ -z "$4" ] || grep -q "^$(sed -n "s/^mnt_id:[^0-9]*//p" /proc/self/fdinfo/0) " "/proc/$4/mountinfo" || exit 0
uid=$2
bytes=$3
set -- $l
case $1/$3/$uid in -*/"$uid"/*|-*/\*|-??????r*/0/*) head -c "$bytes" ;; esac'

# uid bytes file [pid]: with a pid, a file of a mount that the process has itself: no link on the way led out of its container
own() {
  limited 2 sh -c "$OWN" own "$3" "$1" "$2" "${4:-}" </dev/null
}

# A process and its descendants, stopped first: a shell whose child is killed would start the next one before it is killed itself.
tree() {
  {
    kill -STOP "$1"
    printf '%s ' "$1"
    # shellcheck disable=SC2013
    for kid in $(cat "/proc/$1/task/$1/children"); do
      tree "$kid"
    done
  } 2>/dev/null
}

clockTicks() {
  getconf CLK_TCK || echo 100
}

# Digests of hidden values, sealed with the key that came with the command: in the environment, where the last stage runs it.
# shellcheck disable=SC2089
SEAL='exec 3<&0 2>/dev/null
printf %s "$digestKey" | openssl base64 -d -A |
openssl pkeyutl -encrypt -pubin -keyform DER -inkey /dev/stdin -in /dev/fd/3 -pkeyopt rsa_padding_mode:oaep | openssl base64 -A'
# shellcheck disable=SC2090
export SEAL
