<?php
// A file for each visitor: how many are here is how many there are.
file_put_contents('/srv/shop/visits/' . bin2hex(random_bytes(2)), '');
$here = 0;
foreach (new FilesystemIterator('/srv/shop/visits') as $visitor) { $here += strlen($visitor->getFilename()) > 0 ? 1 : 0; }
usleep(20000);
header('Content-Type: text/plain');
echo "visitors $here\n";
