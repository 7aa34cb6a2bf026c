# What is told of a URL: its host, and the harmless parts of its path and query.

function urlcomponent(c) {
  return c == "" || words(c) || length(c) <= 20 && number(c) || filename(c) && !random(c) ? c : hide(c)
}

function urlpath(s,  i, p, o, a, n, q, d, sep) {
  if (s == "-") {
    return s
  }
  i = match(s, /[?#;]/)
  p = i ? substr(s, 1, i - 1) : s
  n = split(p, a, "/")
  o = ""
  for (d = 1; d <= n; d++) {
    o = o (d > 1 ? "/" : "") urlcomponent(a[d])
  }
  if (!i) {
    return o
  }
  o = o substr(s, i, 1)
  q = substr(s, i + 1)
  sep = index(q, "&") ? "&" : index(q, ";") ? ";" : "&"
  n = split(q, a, sep)
  for (d = 1; d <= n; d++) {
    o = o (d > 1 ? sep : "") shown(a[d], "")
  }
  return o
}

function url(v,  h, i, u, t) {
  match(v, URL_HEAD)
  h = substr(v, 1, RLENGTH)
  v = substr(v, RLENGTH + 1)
  u = ""
  if (v ~ /@/) {
    i = length(v)
    while (substr(v, i, 1) != "@") {
      i--
    }
    u = hide(substr(v, 1, i - 1)) "@"
    v = substr(v, i + 1)
  }
  i = match(v, /[\/?#;]/)
  t = i ? substr(v, 1, i - 1) : v
  if (!((t ~ /^[A-Za-z0-9._,*-]*(:[0-9]+)?(,[A-Za-z0-9._-]+(:[0-9]+)?)*$/ || ipv6(t) || variable(t)) && !random(t))) {
    t = hide(t)
  }
  return h u t (i ? urlpath(substr(v, i)) : "")
}
