<?php
// The total of some thousand orders, that the database adds up.
$host = getenv('DB_HOST') ?: 'db-1.internal';
$db = new PDO("mysql:host=$host;dbname=shop", 'shop', 'correcthorse', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$from = random_int(1, 55000);
$total = $db->query("SELECT COUNT(*) FROM orders WHERE id BETWEEN $from AND $from + 3000 AND MD5(note) LIKE 'a%'")->fetchColumn();
header('Content-Type: text/plain');
echo "total $total\n";
