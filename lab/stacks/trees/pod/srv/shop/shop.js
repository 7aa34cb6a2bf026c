// A shop in Express: a page that computes for some milliseconds and waits for a little while.
const express = require('express');

const shop = express();
shop.get('/health', (request, response) => response.type('text/plain').send('ok\n'));
shop.get('/cart', (request, response) => {
  let total = 0;
  for (let item = 0; item < 60_000; item++) total = (total * 31 + item) % 1000003;
  setTimeout(() => response.type('text/plain').send(`total ${total}\n`), 20);
});
shop.listen(8000, '0.0.0.0');
