# The variables of a process that may matter, by their names, a line each, and how many there are: an
# environment that could not be read has none. In: pid, container (its id, "" for none).

BEGIN {
  MOST = 25
  HIDDEN = "PASS|SECRET|TOKEN|KEY|CRED|AUTH|COOKIE|SESSION|^PG|^SSM_|^AWS_"
  TOLD = "^(NODE_(ENV|OPTIONS|DEBUG)|(RAILS|RACK|APP|FLASK)_ENV|ENVIRONMENT|TZ|LD_PRELOAD|GLIBC_TUNABLES" \
    "|(JAVA|CATALINA)_OPTS|(JDK_JAVA|JAVA_TOOL|_JAVA)_OPTIONS|PYTHON[A-Z]+|RUBYOPT|RUBY_[A-Z_]+|PERL5(OPT|DB)" \
    "|GODEBUG|GOMAXPROCS|GOGC|GOMEMLIMIT|UV_THREADPOOL_SIZE|MALLOC_[A-Z_]+|(DOTNET|COMPlus)_[A-Za-z_]+|XDEBUG_MODE)$" \
    "|^((HTTPS?|ALL|NO)_PROXY|(https?|all|no)_proxy)$" \
    "|(^|_)(DEBUG|TRACE|TRACING|PROFILE|PROFILING|PROFILER|LOG_?LEVEL)(_[A-Z]+)?$" \
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

n ~ TOLD && ++c <= MOST {
  print "app\tapp\t" pid "\tenv:" substr(n, 1, 40) "\t" substr(v, 1, 2000)
  fflush()
}

END {
  if (NR > 0) {
    print "app\tapp\t" pid "\tvariables\t" c + 0
  }
}
