step_processes() {
  awk -v self=$$ -v hz="$(clockTicks)" -v page="$(getconf PAGESIZE || echo 4096)" -v lsq="$(listing -ln)" \
    -v app="$appPort" -v metrics="$metricsPort" -v db="$databasePorts" -v socket="$appSocket" -v located="$appPid" \
    -v enters="$(has nsenter && nsenter -t $$ -n true && echo 1)" "$AWK_LIB$AWK_PROCESSES"
}
