# Digests of hidden values leave the host for the eyes of whoever asked, once: sealed with the key
# that came with the command,
# 35 of them at a time.

BEGIN {
  B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  for (i = 32; i < 127; i++) {
    ASCII = ASCII sprintf("%c", i)
  }
}

function mod(s, m, p,  i, h) {
  h = 7
  for (i = 1; i <= length(s); i++) {
    h = (h * m + index(ASCII, substr(s, i, 1))) % p
  }
  return h
}

function code(h,  o, i) {
  o = ""
  for (i = 0; i < 3; i++) {
    o = o substr(B64, h % 64 + 1, 1)
    h = int(h / 64)
  }
  return o
}

function renumber(s,  o, k) {
  o = ""
  while (match(s, /[[]hidden:[0-9]+\]/)) {
    k = substr(s, RSTART + 8, RLENGTH - 9)
    if (k == "0") {
      printed[k] = 0
    } else if (!(k in printed)) {
      printed[k] = ++nprinted
      text_[nprinted] = hiddentext[k]
    }
    o = o substr(s, 1, RSTART - 1) "[hidden:" printed[k] "]"
    s = substr(s, RSTART + RLENGTH)
  }
  return o s
}

function seal(  i, c) {
  if (ENVIRON["digestKey"] == "" || !nprinted || nprinted > 105) {
    return
  }
  print "## seal ok"
  for (i = 1; i <= nprinted; i++) {
    c = c code(mod(text_[i], 257, 262139)) code(mod(text_[i], 8191, 262133))
    if (i % 35 == 0 || i == nprinted) {
      printf "seal\t"
      fflush()
      printf("%s", c) | ENVIRON["SEAL"]
      close(ENVIRON["SEAL"])
      print ""
      c = ""
    }
  }
}
