# Timers of systemd: each with the unit that it starts.

{
  for (i = 1; i <= NF; i++) {
    if ($i ~ /\.timer$/ && ++n <= 30) {
      print "cron\tcron\ttimer\tsystemd\t" $i " " $(i + 1)
      fflush()
    }
  }
}

END {
  exit n == 0
}
