# The body of a raw answer, then "@" and its status.

NR == 1 {
  if ($1 ~ /^HTTP\//) {
    code = $2
  }
  head = 1
  next
}

head {
  if ($0 ~ /^\r?$/) {
    head = 0
  }
  next
}

1

END {
  if (code ~ /^[0-9]+$/) {
    print "\n@" code
  }
}
