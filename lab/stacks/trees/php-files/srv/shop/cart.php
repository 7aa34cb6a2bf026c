<?php
// A bill is written to a file of its own, and thrown away once it was printed.
header('Content-Type: text/plain');
usleep(20000);
$name = '/srv/data/carts/' . getmypid() . '-' . random_int(0, 1 << 30);
for ($try = 0; $try < 20 && !($bill = @fopen($name, 'x')); $try++) usleep(100000);
if (!$bill) { http_response_code(503); exit("no bill\n"); }
fwrite($bill, "bill\n");
fclose($bill);
unlink($name);
echo "total\n";
