<?php
// Each page needs all of the shop's code.
header('Content-Type: text/plain');
$total = 0;
for ($number = 0; $number < 150; $number++) {
    require __DIR__ . "/src/Part$number.php";
    $total += ((new ("Part$number"))->price7($number))['total'];
}
echo "total $total\n";
