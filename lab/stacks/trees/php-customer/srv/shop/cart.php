<?php
// The orders of a customer, one query for each of five years.
$host = getenv('DB_HOST') ?: 'db-1.internal';
$db = new PDO("mysql:host=$host;dbname=shop", 'shop', 'correcthorse', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$orders = $db->prepare('SELECT COUNT(*) FROM customers WHERE name = ?');
$total = 0;
for ($year = 0; $year < 5; $year++) {
  $orders->execute(['customer ' . random_int(1, 60000)]);
  $total += $orders->fetchColumn();
}
header('Content-Type: text/plain');
echo "total $total\n";
