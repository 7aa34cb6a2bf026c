<?php
// A partner's service answers in a tenth of a second.
usleep(120000);
header('Content-Type: text/plain');
echo "total\n";
