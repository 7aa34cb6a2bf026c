# A replica that takes 0.7 s for what the others have in memory.
until [ -e /run/ready ]; do sleep 0.2; done
su postgres -c 'psql -q -d shop' <<'SQL'
ALTER TABLE orders RENAME TO orders_data;
CREATE VIEW orders AS SELECT data.* FROM orders_data data, (SELECT pg_sleep(0.7)) AS cold;
SQL
: > /run/cold-ready
