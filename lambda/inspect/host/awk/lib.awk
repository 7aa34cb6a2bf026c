# What every program of a step begins with.

function line1(f,  l) {
  l = ""
  if ((getline l < f) <= 0) {
    l = ""
  }
  close(f)
  return l
}

function big(x) {
  return sprintf("%.0f", x)
}

function uptime(  s, a) {
  s = line1("/proc/uptime")
  split(s, a, " ")
  return a[1] * 1000
}

# One write a line: lines of two steps do not mix.
function out(s) {
  print s
  fflush()
}

function clean(s, n) {
  gsub(/[\001-\037\177]/, " ", s)
  return substr(s, 1, n)
}

function pause(s) {
  system("sleep " s)
}
