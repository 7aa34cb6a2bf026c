<?php
// Every order of a year, one by one, to somebody who reads slowly.
set_time_limit(0);
for ($row = 0; $row < 240; $row++) { echo "row $row\n"; @ob_flush(); flush(); sleep(1); }
