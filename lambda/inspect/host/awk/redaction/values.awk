# What is told of a value: itself where it is harmless, else [hidden:N].

function plainname(s) {
  s = tolower(s)
  gsub(/[^a-z0-9]+/, "-", s)
  sub(/^-+/, "", s)
  sub(/-+$/, "", s)
  return s
}

function secretname(s) {
  s = plainname(s)
  return s ~ SECRET_NAME && s !~ NO_SECRET_NAME
}

# A value is told apart from others by a number: equal numbers, equal values. Numbers, ids and the
# name of the host in it do not count, as they do
# not where processes of two hosts are compared; in a setting they do.
function hide(v,  k, i) {
  k = v
  if (!exact && random(k)) {
    k = "drawn"
  } else if (!exact) {
    while (hostname != "" && (i = index(k, hostname))) {
      k = substr(k, 1, i - 1) "#" substr(k, i + length(hostname))
    }
    k = ids(k)
    gsub(/[0-9]+/, "#", k)
    if (k == "#") {
      return "[hidden:0]"
    }
  }
  if (!(k in hiddenas)) {
    hiddenas[k] = ++nhidden
    hiddentext[nhidden] = k
  }
  return "[hidden:" hiddenas[k] "]"
}

function ids(s,  o, w) {
  o = ""
  while (match(s, /[0-9A-Fa-f][0-9A-Fa-f-]+/)) {
    w = substr(s, RSTART, RLENGTH)
    o = o substr(s, 1, RSTART - 1) (RLENGTH >= 8 && w ~ /[0-9]/ ? "#" : w)
    s = substr(s, RSTART + RLENGTH)
  }
  return o s
}

function secretvalue(name, v) {
  return secretname(name) && !(plainname(name) ~ FILED_NAME && (path(v) || file(v)))
}

function value(name, v) {
  return v == "" ? "" : secretvalue(name, v) ? hide(v) : shown(v, name)
}

function shown(v, name,  i, k, r) {
  if (harmless(v, name)) {
    return v
  }
  if (length(v) > 400) {
    return hide(v)
  }
  if (v ~ / /) {
    return phrase(v, name)
  }
  if (v ~ URL_HEAD) {
    return url(v)
  }
  i = index(v, "=")
  k = substr(v, 1, i - 1)
  r = substr(v, i + 1)
  if (i > 1 && k !~ /[,;]/ && length(k) <= 64 && k ~ /^[A-Za-z_][A-Za-z0-9_.:-]*$/ && r != "" && r !~ /^=/ && !random(k)) {
    if (r ~ /[,;]/ && !secretname(k)) {
      return list(v, name)
    }
    return k "=" value(k, r)
  }
  if (v ~ /[,;]/) {
    return list(v, name)
  }
  if (pathhead(v)) {
    return showpath(v)
  }
  if (match(v, /@[^@]*$/) && RSTART > 1 && RLENGTH > 1 && host(substr(v, RSTART + 1), "")) {
    i = RSTART
    return hide(substr(v, 1, i - 1)) substr(v, i)
  }
  return hide(v)
}

function phrase(v, name,  a, n, i) {
  n = split(v, a, / /)
  for (i = 1; i <= n; i++) {
    if (a[i] != "" && (!harmless(a[i], name) || secretname(a[i]))) {
      return hide(v)
    }
  }
  return v
}

function list(v, name,  a, n, i, o, sep) {
  match(v, /[,;]/)
  sep = substr(v, RSTART, 1)
  n = split(v, a, sep)
  o = ""
  for (i = 1; i <= n; i++) {
    o = o (i > 1 ? sep : "") (a[i] == "" ? "" : shown(a[i], name))
  }
  return o
}

function showpath(v,  a, n, i, o) {
  n = split(v, a, "/")
  o = ""
  for (i = 1; i <= n; i++) {
    o = o (i > 1 ? "/" : "") (component(a[i]) ? a[i] : hide(a[i]))
  }
  return o
}
