# Lines of resolv.conf.

/^(nameserver|search|domain|options)[ \t]/ && ++n <= 12 {
  k = $1
  $1 = ""
  sub(/^ /, "")
  gsub(/[\001-\037]/, " ")
  print "dns\tdns\t" k "\t" substr($0, 1, 100)
  fflush()
}
