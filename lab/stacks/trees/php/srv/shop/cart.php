<?php
$host = getenv('DB_HOST') ?: 'db-1.internal';
$db = new PDO("mysql:host=$host;dbname=shop", 'shop', 'correcthorse', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$db->beginTransaction();
$update = $db->prepare('UPDATE sessions SET hits = hits + 1 WHERE node = ? AND shard = ?');
$update->execute([gethostname(), random_int(0, 31)]);
$db->query('SELECT SLEEP(0.03)')->fetchAll();
$db->commit();
header('Content-Type: text/plain');
echo "total\n";
