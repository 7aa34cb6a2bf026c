# Counters of a JVM, of the file that it keeps for jstat: od's bytes. In: pid, old (what the look before printed; "" at that look).
# The layout is that of jdk/internal/perf and sun.management.counter.perf (OpenJDK, Prologue.java and PerfDataEntry.java).

{
  for (i = 1; i <= NF; i++) {
    b[n++] = $i
  }
}

function number(p, bytes,  i, v) {
  for (i = 1; i <= bytes; i++) {
    v = v * 256 + b[b[4] ? p + bytes - i : p + i - 1]
  }
  return v
}

function text(p,  s) {
  while (b[p] > 32 && b[p] < 127 && length(s) < 60) {
    s = s sprintf("%c", b[p++])
  }
  return s
}

# A long that is no array: type "J".
function entries(  k, p, s) {
  p = number(24, 4)
  for (k = number(28, 4); k > 0 && number(p, 4) >= 20; k--) {
    s = text(p + number(p + 4, 4))
    if (b[p + 12] == 74 && !number(p + 8, 4)) {
      value[s] = number(p + number(p + 16, 4), 8)
      if (s ~ /^sun\.gc\.collector\.[0-9]\.time$/) {
        gc += value[s]
      }
    }
    p += number(p, 4)
  }
}

END {
  if (b[0] " " b[1] != "202 254") {
    exit
  }
  entries()
  ticks = value["sun.os.hrt.ticks"]
  if (old == "") {
    printf "%.0f %.0f\n", gc, ticks
    exit
  }
  split(old, o, " ")
  if (ticks - o[2] > value["sun.os.hrt.frequency"] / 5) {
    printf "app\tapp\t%s\tjvm:gc\t%.3f\n", pid, (gc - o[1]) / (ticks - o[2])
  }
}
