# Debian's MariaDB, open to the fleet.
set -e
mkdir -p /run/mysqld
chown mysql /run/mysqld
mariadbd --user=mysql --bind-address=0.0.0.0 --skip-name-resolve --net-write-timeout=600 \
  --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=32M --innodb-lock-wait-timeout=20 &
until mariadb-admin ping > /dev/null 2>&1; do sleep 0.2; done
mariadb <<'SQL'
CREATE DATABASE IF NOT EXISTS shop;
CREATE USER IF NOT EXISTS 'shop'@'%' IDENTIFIED BY 'correcthorse';
GRANT ALL ON *.* TO 'shop'@'%';
USE shop;
CREATE TABLE sessions(node varchar(20), shard int, hits int DEFAULT 0, PRIMARY KEY (node, shard)) ENGINE = InnoDB;
INSERT INTO sessions(node, shard) SELECT CONCAT('app-', n.seq), s.seq FROM seq_1_to_4 n JOIN seq_0_to_31 s;
CREATE TABLE orders(id int AUTO_INCREMENT PRIMARY KEY, note varchar(200));
INSERT INTO orders(note) SELECT REPEAT('x', 150) FROM seq_1_to_60000;
SQL
: > /run/ready
wait
