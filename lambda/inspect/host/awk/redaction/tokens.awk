# The words of a command line, as a shell would part them.

# Words and operators of a line, as a shell sees them.
function operator(s, at, began,  c, n) {
  c = substr(s, at, 1)
  if (c == "" || !index(";|&()<>`", c)) {
    return 0
  }
  if (!began || c == "<" || c == ">") {
    return 1
  }
  if (c == "(") {
    return 0
  }
  if (c == ")") {
    return depth > 0
  }
  if (c == "`") {
    return ticks
  }
  n = substr(s, at + 1, 1)
  return n == "" || n == " " || index(";|&()<>`", n) > 0
}

function tokens(s, raw, text, sp, op,  n, at, from, c, q, w, len) {
  n = 0
  at = 1
  len = length(s)
  depth = 0
  ticks = 0
  while (at <= len) {
    from = at
    while (substr(s, at, 1) == " ") {
      at++
    }
    if (at > len) {
      break
    }
    sp[++n] = substr(s, from, at - from)
    from = at
    if (operator(s, at, 0)) {
      while (at <= len && index(";|&()<>`", c = substr(s, at, 1))) {
        if (c == "(") {
          depth++
        } else if (c == ")") {
          if (depth) {
            depth--
          }
        } else if (c == "`") {
          ticks = !ticks
        }
        at++
      }
      if (at > from + 1 && substr(s, at - 2, 2) == ">&" && substr(s, at, 1) ~ /[0-9-]/) {
        at++
      }
      op[n] = 1
      raw[n] = text[n] = substr(s, from, at - from)
      continue
    }
    w = ""
    q = ""
    for (; at <= len; at++) {
      c = substr(s, at, 1)
      if (q == "" && (c == " " || operator(s, at, at > from) && !(at == from + 1 && substr(s, from, 3) ~ /^[-=]> ?$/))) {
        break
      }
      if (c == "\\" && q != "'" && at < len) {
        w = w substr(s, ++at, 1)
      } else if (q == "" && (c == "\"" || c == "'")) {
        q = c
      } else if (c == q) {
        q = ""
      } else {
        w = w c
      }
    }
    op[n] = 0
    raw[n] = substr(s, from, at - from)
    text[n] = w
  }
  return n
}
