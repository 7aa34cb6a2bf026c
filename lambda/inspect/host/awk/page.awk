# Reads what ask printed. A page that was cut has no last line, and so no tool.

length($0) > 8192 {
  n += length($0) + 1
  next
}

/^@[0-9]+$/ {
  code = substr($0, 2)
  next
}

/^![0-9-]+ [0-9.-]+ [0-9-]+ [a-z]+$/ {
  s = substr($1, 2)
  ms = $2
  b = $3
  t = $4
  next
}

function page() {
  if (t == "curl") {
    ms = sprintf("%.0f", ms * 1000)
  } else if (code != "" && t != "wget") {
    s = code
  }
  return t
}
