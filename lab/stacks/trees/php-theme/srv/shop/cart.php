<?php
// Each part of a page may have a file of its own for the customer, and few have.
header('Content-Type: text/plain');
$found = 0;
for ($part = 0; $part < 1500; $part++) if (file_exists(__DIR__ . "/theme/part-$part.html")) $found++;
echo "parts $found\n";
