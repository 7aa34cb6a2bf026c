# The variables of a process that may matter, by their names, a line each. In: pid, container
# (its id, "" for none).

BEGIN {
  HIDDEN = "PASS|SECRET|TOKEN|KEY|CRED|AUTH|COOKIE|SESSION|^PG|^SSM_|^AWS_"
  TOLD = "^(NODE_ENV|RAILS_ENV|APP_ENV|ENVIRONMENT|LOG_LEVEL|NODE_OPTIONS|JAVA_TOOL_OPTIONS|JAVA_OPTS" \
    "|GOMAXPROCS|GOGC|GOMEMLIMIT|UV_THREADPOOL_SIZE|MALLOC_ARENA_MAX|LD_PRELOAD|TZ)$" \
    "|VERSION|RELEASE|REVISION|COMMIT|BUILD" \
    "|_(POOL|MAX|MIN|SIZE|LIMIT|TIMEOUT|WORKERS|THREADS|CONCURRENCY|HOST|PORT|REGION|ENDPOINT)(_[A-Z]+)?$"
}

{
  i = index($0, "=")
  n = substr($0, 1, i - 1)
  v = substr($0, i + 1)
  gsub(/[\001-\037]/, " ", v)
}

container != "" && n ~ /^(POD_NAME|POD_NAMESPACE|HOSTNAME)$/ {
  print "app\timage\t" container "\tenv:" n "\t" substr(v, 1, 100)
  fflush()
}

n ~ HIDDEN {
  next
}

n ~ TOLD && ++c <= 25 {
  print "app\tapp\t" pid "\tenv:" substr(n, 1, 40) "\t" substr(v, 1, 2000)
  fflush()
}
