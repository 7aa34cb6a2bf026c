step_host() {
  row host param appPort "$appPort"
  row host param metricsPort "$metricsPort"
  row host param databasePorts "$databasePorts"
  row host param healthPath "$healthPath"
  row host param probePath "$probePath"
  row host param sections "$sections"
  awk "$AWK_LIB$AWK_HOST"
  [ "$(id -u)" = 0 ] || status host partial "not root: what belongs to other users stays hidden"
}
