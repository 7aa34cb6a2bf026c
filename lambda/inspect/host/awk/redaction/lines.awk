# Whole texts: a line, the arguments of a process, an entry of a crontab, options without a
# program, prose.

function line(s,  r, raw, text, sp, op, n) {
  n = tokens(substr(s, 1, 8192), raw, text, sp, op)
  fresh(r)
  return readall(r, n, raw, text, sp, op)
}

# Options without a program, as JAVA_OPTS holds them; prose, word by word.
function optionline(s,  r, raw, text, sp, op, n) {
  n = tokens(substr(s, 1, 8192), raw, text, sp, op)
  fresh(r)
  r["expects"] = "arguments"
  r["program"] = "-"
  return readall(r, n, raw, text, sp, op)
}

function apart(s, sep, expects, prog,  r, raw, text, sp, op, n, i) {
  n = split(s, text, sep)
  for (i = 1; i <= n; i++) {
    raw[i] = text[i]
    sp[i] = i > 1 ? " " : ""
    op[i] = 0
  }
  fresh(r)
  r["expects"] = expects
  r["program"] = prog
  return readall(r, n, raw, text, sp, op)
}

function prose(s) {
  return apart(substr(s, 1, 8192), "[ ]", "arguments", "-")
}

# The arguments of a process, while they are apart. A title, as servers write it over them, is
# read as a line.
function args(s,  i, f) {
  sub("[ " us "]+$", "", s)
  i = index(s, us)
  f = i ? substr(s, 1, i - 1) : s
  if (f ~ / /) {
    return line(f) (i ? " " apart(substr(s, i + 1), us, "arguments", "-") : "")
  }
  return apart(s, us, "program", "")
}

function cron(s, user,  h, i, n, a) {
  h = match(s, /^(@[a-z]+ +|[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +)/) ? substr(s, 1, RLENGTH) : ""
  n = split(h, a, / /)
  for (i = 1; i <= n; i++) {
    if (a[i] != "" && !harmless(a[i], "") && !(length(a[i]) <= 12 && a[i] ~ /^@[a-z]+$/)) {
      return line(s)
    }
  }
  s = substr(s, length(h) + 1)
  if (user != "" && index(s, user " ") == 1) {
    h = h user " "
    s = substr(s, length(user) + 2)
  }
  return h line(s)
}
