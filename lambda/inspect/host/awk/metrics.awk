# Samples of a page of metrics: what was asked for, pool, release and run-time families first, histogram buckets never.
# After page.awk. In: names.

BEGIN {
  n = split(names, a, ",")
  for (i = 1; i <= n; i++) {
    if (a[i] != "") {
      want[a[i]]
    }
  }
}

/^#/ || !/^[a-zA-Z_:][a-zA-Z0-9_:]*([{].*[}])? +[-+0-9NI]/ {
  next
}

function class(f,  g) {
  g = tolower(f)
  if (f in want) {
    return 1
  }
  if (g ~ /pool|hikari|jdbc|go_sql|pgbouncer|db_client|db_conn|sqlalchemy|active_record/) {
    return 2
  }
  if (g ~ /build_info|version|_info$/) {
    return 3
  }
  return g ~ /eventloop|event_loop|gc_pause|gc_duration|jvm_memory|process_|threads|goroutines|queue|waiting|pending/ ? 4 : 5
}

{
  f = $0
  sub(/[{ ].*$/, "", f)
  if (f ~ /_bucket$/ || length($0) > 400) {
    next
  }
  c = class(f)
  if (k[c] < 60) {
    line[c, ++k[c]] = $0
  } else {
    lost++
  }
}

END {
  page()
  if (t == "none") {
    print "metrics\t!missing\tno curl, wget, bash or nc"
    exit
  }
  if (t == "") {
    print "metrics\t!failed\tthe page is longer than 4 MB"
    exit
  }
  print "http\thttp\tmetrics\t-\t" s "\t" ms "\t" (b == "-" ? 0 : b) "\t" t
  if (s != 200) {
    print "metrics\t!failed\tstatus " s " after " ms " ms"
    exit
  }
  for (c = 1; c <= 5; c++) {
    for (i = 1; i <= k[c]; i++) {
      print "metrics\tm\t" line[c, i]
      m++
    }
  }
  if (lost) {
    print "metrics\t!cut\t" lost " samples"
  }
  if (!m) {
    print "metrics\t!failed\tnot the Prometheus text format"
  }
}
