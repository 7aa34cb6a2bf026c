until [ -e /run/ready ]; do sleep 0.2; done
mariadb shop -e "
  CREATE TABLE customers(id int AUTO_INCREMENT PRIMARY KEY, name varchar(40), note varchar(100), KEY name (name));
  INSERT INTO customers(name, note) SELECT CONCAT('customer ', seq), REPEAT('y', 80) FROM seq_1_to_60000"
