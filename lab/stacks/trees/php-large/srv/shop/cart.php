<?php
header('Content-Type: text/plain');
usleep(20000);
echo str_repeat("an item of the cart\n", 6000);
