# Debian's own cluster, opened to the fleet.
set -e
etc=/etc/postgresql/15/main
cat > "$etc/conf.d/lab.conf" <<'CONF'
listen_addresses = '*'
max_connections = 200
fsync = off
synchronous_commit = off
shared_buffers = 64MB
client_connection_check_interval = '1s'
CONF
printf 'local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all 10.0.1.0/24 trust\n' > "$etc/pg_hba.conf"
pg_ctlcluster 15 main start
su postgres -c 'psql -q -d postgres' <<'SQL'
CREATE ROLE shop LOGIN SUPERUSER PASSWORD 'correcthorse';
CREATE DATABASE shop OWNER shop;
\c shop
CREATE TABLE sessions(node text, shard int, hits int DEFAULT 0, PRIMARY KEY (node, shard)) WITH (fillfactor = 50);
INSERT INTO sessions(node, shard) SELECT 'app-' || n, s FROM generate_series(1, 4) n, generate_series(0, 31) s;
CREATE TABLE orders(id serial PRIMARY KEY, user_id int, amount numeric);
INSERT INTO orders(user_id, amount) SELECT i % 500, random() * 100 FROM generate_series(1, 50000) i;
CREATE INDEX ON orders(user_id);
ANALYZE;
SQL
: > /run/ready
