# Reads a command word by word. r says where the reader stands: it expects a program, what a
# wrapper runs (env, sudo) or arguments.

# r: where the reader of a command stands. expects program, wrapped (by env, sudo ...) or arguments.
function fresh(r) {
  r["expects"] = "program"
  r["program"] = r["sub"] = r["option"] = ""
  r["secret"] = r["count"] = r["secretive"] = r["file"] = 0
}

function piped(op, raw, n, i) {
  for (; i <= n; i++) {
    if (op[i]) {
      return raw[i] ~ /^[|]/ && raw[i] != "||"
    }
  }
  return 0
}

function program(r, t, raw, isp,  b, o) {
  if (t ~ /^(if|then|else|elif|fi|do|done|while|until|for|case|esac|in|!|[{]|[}]|[[]|[[][[]|\]|\]\])$/) {
    return raw
  }
  if (t ~ /^[A-Za-z_][A-Za-z0-9_]*[+]?=/) {
    b = index(t, "=")
    return substr(t, 1, b) value(substr(t, 1, b - 1), substr(t, b + 1))
  }
  b = base(t)
  o = t ~ /\// ? shown(t, "") : t ~ /^[]A-Za-z0-9_.~+@%:${}()[-]+$/ && length(t) <= 64 && !random(t) ? raw : hide(t)
  r["program"] = b
  r["sub"] = r["option"] = ""
  r["count"] = 0
  r["expects"] = b ~ WRAPPER ? "wrapped" : "arguments"
  r["secretive"] = b ~ SECRETIVE && (b !~ /^(echo|printf)$/ || isp)
  return o
}

function argument(r, t, raw,  o, p, s) {
  o = r["option"]
  p = r["program"]
  r["option"] = ""
  if (t ~ /^(=|=>|->|:|:=)$/) {
    return raw
  }
  if (o == "" && r["sub"] == "") {
    r["sub"] = t
  }
  if (tolower(t) ~ SECRET_WORD && t ~ /^[A-Za-z_-]+[:=]?$/) {
    r["secret"] = 1
    return raw
  }
  if (r["secretive"] && o == "") {
    return tellable(r, t) ? raw : hide(t)
  }
  if (p ~ /^(python|python[0-9.]*)$/ && o == "m" && t ~ /^[A-Za-z_][A-Za-z0-9_.]*$/ && !random(t)) {
    return raw
  }
  if (p ~ INTERPRETER && r["count"] == 1 && t ~ /^[A-Za-z0-9_.@\/+-]+$/ && !random(t) && length(t) <= 120) {
    return raw
  }
  if (o == "p" && t ~ /[0-9][0-9][0-9][0-9][0-9][0-9]/) {
    return hide(t)
  }
  s = shown(t, o)
  return s == t ? raw : s
}

function tellable(r, t) {
  if (t ~ /^(\/|[.]\/|[.][.]\/|~\/)/) {
    return harmless(t, "")
  }
  return r["count"] == 1 && r["program"] ~ /^(vault|op|pass|keyctl|sops|net|security|ansible-vault|rclone)$/ && harmless(t, "") && t !~ /[0-9]/
}

function wrapped(r, t, raw, isp,  o) {
  if (t ~ /^-/) {
    o = option(r, t, raw)
    if (t !~ WRAPPER_VALUE) {
      r["option"] = ""
    }
    return o
  }
  if (r["option"] != "") {
    r["option"] = ""
    return shown(t, "user")
  }
  if (t ~ /^[0-9.]+[smhd]?$/) {
    return raw
  }
  if (r["program"] == "flock" && r["count"] == 1) {
    return shown(t, "")
  }
  return program(r, t, raw, isp)
}

function word(r, t, raw, isp,  o, q, inl) {
  if (r["file"]) {
    r["file"] = 0
    return shown(t, "")
  }
  inl = r["expects"] == "arguments" && r["program"] ~ SHELL && r["option"] ~ /c$/
  if (inl || r["expects"] == "arguments" && r["option"] ~ /^(exec|execdir|ok)$/) {
    if (inl && t ~ / /) {
      r["option"] = ""
      q = raw ~ /^["\047]/ ? substr(raw, 1, 1) : ""
      return q line(t) q
    }
    fresh(r)
  }
  if (r["expects"] == "program") {
    return program(r, t, raw, isp)
  }
  r["count"]++
  if (r["secret"]) {
    if (t ~ /^(=|=>|->|:|:=|is|by|BY)$/) {
      return raw
    }
    o = r["option"]
    r["secret"] = 0
    r["option"] = ""
    if (t !~ /^--?[A-Za-z][A-Za-z0-9-]*(=|$)/) {
      return filed(o, t) ? raw : hide(t)
    }
  }
  if (r["expects"] == "wrapped") {
    return wrapped(r, t, raw, isp)
  }
  return t ~ /^-/ ? option(r, t, raw) : argument(r, t, raw)
}

function readall(r, n, raw, text, sp, op,  i, o, w, ticked) {
  o = ""
  for (i = 1; i <= n; i++) {
    if (op[i]) {
      w = raw[i]
      if (w ~ /<<</) {
        r["secret"] = 1
      } else if (w ~ /[<>]/) {
        r["file"] = w !~ /[0-9-]$/
      } else {
        fresh(r)
        if (w ~ /`/) {
          ticked = !ticked
        }
        if (w ~ /^[)]/ || w ~ /^`/ && !ticked) {
          r["expects"] = "arguments"
        }
      }
    } else {
      w = word(r, text[i], raw[i], base(text[i]) ~ /^(echo|printf)$/ && piped(op, raw, n, i))
    }
    o = o sp[i] w
  }
  return o
}
