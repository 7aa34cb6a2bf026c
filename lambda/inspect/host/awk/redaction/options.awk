# Options of a command, and whether the word after one is a secret.

function secretoption(r, o) {
  return (r["program"] ":" o) ~ SECRET_OPTION || (r["program"] ":" r["sub"] ":" o) ~ SECRET_OPTION
}

function awaits(r, o) {
  if (r["program"] == "sort" && o ~ /^(k|key)$/) {
    return 0
  }
  return length(o) > 1 && secretname(o) || secretoption(r, o)
}

function filed(name, v) {
  return secretname(name) && !secretvalue(name, v) && shown(v, name) == v
}

function named(r, dash, name, has, v) {
  if (!has) {
    r["option"] = name
    r["secret"] = awaits(r, name)
    return dash name
  }
  return dash name "=" (v != "" && awaits(r, name) && !filed(name, v) ? hide(v) : value(name, v))
}

function option(r, t, raw,  i, name, v) {
  if (t ~ /^--?$/) {
    return raw
  }
  i = index(t, "=")
  name = i ? substr(t, 1, i - 1) : t
  v = i ? substr(t, i + 1) : ""
  if (t ~ /^--/) {
    return length(name) <= 66 && name ~ /^--[A-Za-z][A-Za-z0-9_.-]*$/ && !random(name) &&
      v !~ /^=/ ? named(r, "--", substr(name, 3), i > 0, v) : "--" hide(substr(t, 3))
  }
  return dashed(r, substr(t, 2), raw)
}

function dashed(r, t, raw,  c, g, i) {
  c = substr(t, 1, 1)
  g = substr(t, 2)
  i = index(t, "=")
  if (g == "") {
    return c ~ /[A-Za-z0-9?@%]/ ? named(r, "-", c, 0, "") : hide(raw)
  }
  if (secretoption(r, c)) {
    return (t in SINGLE_DASH) && length(t) > 3 ? named(r, "-", t, 0, "") : "-" c hide(g)
  }
  if (t ~ /^[0-9.:+-]+$/) {
    return raw
  }
  if (c == "D" && i > 2) {
    return "-D" shown(g, "")
  }
  if (t ~ /^X(mx|ms|ss|mn)[0-9]+[kKmMgGtT]?$/ || t ~ /^XX:[-+][A-Za-z0-9]+$/) {
    return raw
  }
  if (t ~ /^XX:[A-Za-z0-9]+=/) {
    return "-XX:" shown(substr(t, 4), "")
  }
  if (i > 2 && substr(t, 1, i - 1) ~ /^[a-z][a-z0-9_.-]*$/ && i < length(t) && substr(t, i + 1, 1) != "=") {
    return named(r, "-", substr(t, 1, i - 1), 1, substr(t, i + 1))
  }
  if ((t in SINGLE_DASH) || length(t) > 4 && t ~ /^[a-z]/ && words(t)) {
    return named(r, "-", t, 0, "")
  }
  if (t ~ /^[A-Za-z]+$/ && length(t) <= (t ~ /^[pPuUaAkKwW]/ ? 3 : 4)) {
    i = substr(t, length(t))
    r["option"] = i
    r["secret"] = awaits(r, i)
    return raw
  }
  if (c ~ /[A-Za-z]/ && !(c == "p" && g ~ /[0-9][0-9][0-9][0-9][0-9][0-9]/) && g ~ /^([0-9]|[.]?[.]?\/|:)/ && harmless(g, "")) {
    return raw
  }
  r["option"] = t
  r["secret"] = secretname(t)
  return "-" (c ~ /[A-Za-z0-9]/ ? c : "") hide(g)
}
