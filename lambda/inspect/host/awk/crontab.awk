# The entries of a crontab. In: src, user ("*": the sixth column names it).

/^[ \t]*(#|$)/ {
  next
}

/^[ \t]*[A-Za-z_][A-Za-z_0-9]*[ \t]*=/ {
  next
}

++n <= 60 {
  l = $0
  gsub(/[\001-\037]/, " ", l)
  sub(/^ +/, "", l)
  u = user
  if (u == "*") {
    u = l ~ /^@/ ? $2 : $6
  }
  if (length(l) > 300) {
    l = substr(l, 1, 300)
    sub(/ [^ ]*$/, "", l)
  }
  print "cron\tcron\t" src "\t" substr(u, 1, 32) "\t" l
  fflush()
}
