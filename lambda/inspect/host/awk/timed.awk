# One row about a page that was asked for. After page.awk. In: kind, path.

{
  n += length($0) + 1
}

END {
  page()
  if (t == "none") {
    print "http\t!missing\tno curl, wget, bash or nc"
    exit
  }
  if (t == "") {
    print "http\t!failed\tthe answer has no end"
    exit
  }
  print "http\thttp\t" kind "\t" path "\t" s "\t" ms "\t" (b == "-" ? n : b) "\t" t
}
