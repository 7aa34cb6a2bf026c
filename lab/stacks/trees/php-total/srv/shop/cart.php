<?php
// The total of a few hundred orders, that the database adds up.
$host = getenv('DB_HOST') ?: 'db-1.internal';
$db = new PDO("mysql:host=$host;dbname=shop", 'shop', 'correcthorse', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$from = random_int(1, 50000);
$total = $db->query("SELECT COUNT(*) FROM orders WHERE id BETWEEN $from AND $from + 4000 AND MD5(note) LIKE 'a%'")->fetchColumn();
header('Content-Type: text/plain');
echo "total $total\n";
