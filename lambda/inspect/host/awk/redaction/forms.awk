# What a text looks like: a number, words of the vocabulary, a path, a host. Each answers 1 where
# its form alone shows that it is harmless.

function random(s,  a, n, i) {
  n = split(s, a, /[^A-Za-z0-9]+/)
  for (i = 1; i <= n; i++) {
    if (length(a[i]) >= 8 && randomrun(a[i])) {
      return 1
    }
  }
  return 0
}

function randomrun(w,  n, i, c, k, last, turns) {
  n = length(w)
  if (n > 64) {
    return 1
  }
  if (w !~ /[0-9]/ || w !~ /[A-Za-z]/) {
    return 0
  }
  turns = 0
  last = ""
  for (i = 1; i <= n; i++) {
    c = substr(w, i, 1)
    k = c ~ /[0-9]/ ? 1 : c ~ /[a-z]/ ? 3 : 2
    if (i > 1 && k != last) {
      turns++
    }
    last = k
  }
  return n >= 16 && turns > 3 || w ~ /[A-Z]/ && w ~ /[a-z]/ && w ~ /[0-9].*[0-9]/ && turns > n / 2
}

function number(v) {
  v = tolower(v)
  return v ~ /^[-+]?[0-9]+([.,:\/_x-][0-9]+)*([(][0-9]+[)])?(ns|us|ms|s|m|h|d|w|b|k|kb|kib|ki|m|mb|mib|mi|g|gb|gib|gi|t|tb|ti|%)?[-+:,)]?$/ ||
    v ~ VERSION ||
    v ~ /^[0-9][0-9-]+t[0-9:.]+(z|[-+][0-9:]+)?$/
}

function words(v,  a, n, i, ok) {
  if (length(v) > 80) {
    return 0
  }
  if (v ~ /^[A-Za-z]$/) {
    return 1
  }
  n = split(tolower(v), a, /[-_.:,\/+]/)
  ok = 0
  for (i = 1; i <= n; i++) {
    if ((a[i] in VOCABULARY) || a[i] ~ /s$/ && (substr(a[i], 1, length(a[i]) - 1) in VOCABULARY)) {
      ok = 1
    } else if (a[i] != "" && (length(a[i]) > 5 || a[i] !~ /^v?[0-9]+$/)) {
      return 0
    }
  }
  return ok
}

function component(c) {
  return (c ~ /^[A-Za-z0-9._+%,~*{}-]*$/ || c ~ /^@[A-Za-z0-9._-]+$/ ||
    c ~ /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]*[.](service|timer|socket|mount|target|slice|scope|path)$/) && !random(c)
}

function components(v,  a, n, i) {
  n = split(v, a, "/")
  for (i = 1; i <= n; i++) {
    if (!component(a[i])) {
      return 0
    }
  }
  return 1
}

function variable(v) {
  return v ~ /^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*|[0-9@*#?$!])$/
}

function pathhead(v) {
  return v ~ /^([\/]|[.][.]?[\/]|~[\/])/ && v !~ /^\/\//
}

function path(v) {
  if (v == "~") {
    return 1
  }
  if (v ~ VARIABLE_HEAD) {
    sub(VARIABLE_HEAD, "/", v)
  }
  return pathhead(v) && components(v)
}

function paths(v,  a, n, i) {
  n = split(v, a, ":")
  if (!path(a[1])) {
    return 0
  }
  for (i = 2; i <= n; i++) {
    if (!path(a[i]) && !words(a[i]) && !file(a[i]) && !number(a[i])) {
      return 0
    }
  }
  return 1
}

function filename(c) {
  return c ~ FILE
}

function base(v) {
  sub(/^.*\//, "", v)
  return v
}

function file(v) {
  return filename(base(v)) && components(v)
}

function ipv6(v) {
  return v ~ /^[[]?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(\](:[0-9]+)?)?$/
}

function host(v, name) {
  if (v ~ /^(localhost|[*])?(:[0-9]+)?$/ || v ~ DOTTED || v ~ CLASS || ipv6(v) || v ~ /^ip-[0-9]+-[0-9]+-[0-9]+-[0-9]+([.][a-z0-9.-]+)?$/) {
    return !random(v)
  }
  return v ~ /^[a-z][a-z0-9-]*([.][a-z0-9-]+)*:v?[0-9]+([.][0-9]+)*(-[a-z]+[0-9.]*)?$/ && plainname(name) !~ USER_NAME && !random(v)
}

function harmless(v, name) {
  if (length(v) > 400) {
    return 0
  }
  if (length(v) <= 40 && number(v)) {
    return 1
  }
  return v == "" || v ~ /^[0-9*,\/-]+$/ ||
    length(v) <= 3 && v ~ /^[][*.,\/:+%{}?=_~!-]+$/ ||
    v ~ /^[+]?(%[-_0]?[A-Za-z]|[-_:.\/T])+$/ ||
    variable(v) || words(v) || paths(v) || file(v) || host(v, name) ||
    length(v) <= 64 && v ~ /^[0-9a-f]+$/ && plainname(name) ~ RELEASE_NAME
}
