/**
 * Debian's packages that the scenes run. Their versions are the distribution's: the services are
 * what people have.
 */
export const PACKAGES: readonly string[] = [
  'cron',
  'dnsmasq-base',
  'docker.io',
  'gunicorn',
  'libhikaricp-java',
  'libpostgresql-jdbc-java',
  'libslf4j-java',
  'mariadb-server',
  'nginx',
  'pgbouncer',
  'php-fpm',
  'php-mysql',
  'postgresql',
  'puma',
  'python3-psycopg2',
  'python3-redis',
  'python3-sqlalchemy',
  'python3-urllib3',
  'redis-server',
  'rsyslog',
  'ruby-pg',
  'ruby-rack',
  'ruby-sequel',
  'tomcat10',
];
