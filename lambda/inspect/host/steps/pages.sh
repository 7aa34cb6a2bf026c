# Pages on the host itself: metrics, and the health check beside the real path.

# Bytes of a page, cut off before anything looks at them: the application may send without end, and on one line.
MOST=4000000
RAW='printf "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" "$3" "$4"'

# seconds port path output: the page on standard output unless output is /dev/null, then a line "!status ms bytes tool"
ask() {
  host=${hostHeader:-localhost:$2}
  port=$2
  case $port in
    "$appPort") address=$appAddress ;;
    "$healthPort") address=$healthAddress ;;
    *) address=$metricsAddress ;;
  esac
  [ -z "$appPid" ] || [ "$port" != "$appPort" ] || port=$innerPort
  # Without nsenter the container is asked from outside.
  [ -z "$appPid" ] || [ -n "$enter" ] || [ "$innerAddress" = - ] || address=$innerAddress
  url=http://$address:$port$3
  if has curl; then
    # shellcheck disable=SC2086
    $enter curl -q -s --noproxy '*' -m "$1" -o "$4" -H "Host: $host" -w '\n!%{http_code} %{time_total} %{size_download} curl\n' "$url"
    return
  fi
  start=$(centis)
  code=0
  # No tool may go where an answer points: root reaches what the application does not. busybox wget cannot be told so.
  if has wget && wget --help 2>&1 | grep -q max-redirect; then
    tool=wget
    # shellcheck disable=SC2086
    limited "$1" $enter wget -q --no-proxy --max-redirect=0 -t 1 -T "$1" -O "$4" --header "Host: $host" "$url"
    # 8: it answered, with what status is not told; the others: the tool itself failed
    case $? in
      0) code=200 ;;
      8 | 12[5-7] | 13[0-68-9]) code=- ;;
    esac
  elif has bash; then
    tool=bash
    # shellcheck disable=SC2086
    limited "$1" $enter bash -c "exec 3<>/dev/tcp/\$1/\$2 || exit 1; $RAW >&3; cat <&3" x "$address" "$port" "$3" "$host" | body
  elif has nc; then
    tool=nc
    # shellcheck disable=SC2086
    limited "$1" $enter sh -c "$RAW | nc \"\$1\" \"\$2\"" x "$address" "$port" "$3" "$host" | body
  else
    echo '!- - - none'
    return
  fi
  echo
  echo "!$code $(( ($(centis) - start) * 10 )) - $tool"
}

body() {
  head -c "$MOST" | awk "$AWK_BODY"
}

# kind path port seconds
timed() {
  ask "$4" "$3" "$2" /dev/null | head -c "$MOST" | awk -v kind="$1" -v path="$2" "$AWK_PAGE$AWK_TIMED"
}

step_health() {
  [ "$healthPath" = - ] && return
  for _ in 1 2 3; do
    timed health "$healthPath" "$healthPort" 5
  done
}

step_probe() {
  [ "$probePath" = - ] || timed probe "$probePath" "$appPort" 6
}

# The whole page may be megabytes. It is asked for twice: some gauges (the event loop's percentiles) cover the time since the last
# page, whenever that was.
step_metrics() {
  [ "$metricsPath" != - ] || {
    status metrics missing "not asked for"
    return
  }
  ask 3 "$metricsPort" "$metricsPath" /dev/null | head -c "$MOST" >/dev/null
  sleep 1
  ask 4 "$metricsPort" "$metricsPath" - | head -c "$MOST" | awk -v names="$metricNames" "$AWK_PAGE$AWK_METRICS"
}
