step_processes() {
  enters=
  has nsenter && enters=1
  awk -v self=$$ -v hz="$(clockTicks)" -v page="$(getconf PAGESIZE || echo 4096)" -v lsq="$(listing -ln)" \
    -v app="$appPort" -v metrics="$metricsPort" -v db="$databasePorts" -v socket="$appSocket" -v located="$appPid" \
    -v enters="$enters" "$AWK_LIB$AWK_PROCESSES"
}
