<?php
// All pages of the catalogue, for the printer: it takes its time.
header('Content-Type: text/plain');
for ($page = 0; $page < 40; $page++) {
    usleep(500000);
    echo "page $page\n";
}
