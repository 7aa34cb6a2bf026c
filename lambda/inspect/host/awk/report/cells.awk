# How each cell of a row is redacted, by the type of the row.

function label(k, v) {
  return k ~ LABEL_NAME && length(v) <= 60 && v ~ /^[A-Za-z0-9 _.:\/*<>()+-]*$/ && !random(v) &&
    (k !~ /^(path|route|handler|uri)$/ || v !~ /[?]/) ? v : value(k, v)
}

function metric(s,  i, o, w, k, v) {
  i = index(s, "{")
  if (!i) {
    return s ~ /^[a-zA-Z_:][a-zA-Z0-9_:]* [-+0-9.eEnNaAIif ]+$/ ? s : prose(s)
  }
  o = substr(s, 1, i)
  if (o !~ /^[a-zA-Z_:][a-zA-Z0-9_:]*[{]$/) {
    return prose(s)
  }
  s = substr(s, i + 1)
  while (match(s, /^ *[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?/)) {
    w = substr(s, 1, RLENGTH)
    s = substr(s, RLENGTH + 1)
    i = index(w, "=")
    k = substr(w, 1, i - 1)
    gsub(/ /, "", k)
    v = substr(w, i + 2)
    i = v ~ /,$/
    sub(/",?$/, "", v)
    v = label(k, v)
    gsub(/["\\]/, "?", v)
    o = o k "=\"" v "\"" (i ? "," : "")
  }
  return s ~ /^[}] +[-+0-9.eEnNaAIif ]+$/ ? o s : "malformed " hide(s)
}

# What a name of the system may look like: a process, a thread, a user, a kernel, a mount.
function plain(s) {
  return length(s) <= 200 && s ~ /^[]A-Za-z0-9 _.,:;\/@<>()[{}*+#~=%?!|-]*$/ && !random(s) ? s : hide(s)
}

function redact(type, i,  f, k) {
  f = $i
  k = $(i - 1)
  exact = 0
  if (type == "proc") {
    return i == NF ? bound(args(f), 220) : plain(f)
  }
  if (type == "cron") {
    return i == NF ? bound(cron(f, $(NF - 1)), 200) : plain(f)
  }
  if (type == "m") {
    return bound(metric(f), 400)
  }
  if (type == "http") {
    return i == 4 ? bound(urlpath(f), 200) : plain(f)
  }
  if (type == "param") {
    return i == 4 && k ~ /Path$/ ? bound(urlpath(f), 200) : plain(f)
  }
  if (type == "app" && i == 5) {
    exact = 1
    if (k ~ /^(env:.*(OPTS?|OPTIONS)|heap)$/) {
      f = optionline(f)
    } else if (k ~ /^env:/) {
      f = value(substr(k, 5), f)
    } else if (k ~ /^file:/) {
      f = value("version", f)
    } else {
      f = f ~ /^\// ? showpath(f) : k == "module" ? plain(f) : shown(f, "")
    }
    exact = 0
    return bound(f, 200)
  }
  return bound(plain(f), 200)
}

function bound(s, n) {
  if (length(s) <= n) {
    return s
  }
  s = substr(s, 1, n - 3)
  sub(/[[][a-z]*:?[0-9]*$/, "", s)
  return s "..."
}
