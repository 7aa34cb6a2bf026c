<?php
// A page that calls many small functions, as frameworks do.
function price(int $item): int { return ($item * 31 + 7) % 1009; }
$total = 0;
for ($item = 0; $item < 60000; $item++) { $total += price($item); }
usleep(20000);
header('Content-Type: text/plain');
echo "total $total\n";
