// A shop in Express that keeps its catalogue in memory and makes a page of a part of it.
const express = require('express');

const catalogue = Array.from({ length: 260_000 }, (_, item) => ({ item, name: `item ${item}`, price: item % 977, tags: [item % 7, item % 11] }));
const shop = express();
shop.get('/health', (request, response) => response.type('text/plain').send('ok\n'));
shop.get('/cart', (request, response) => {
  const from = Math.floor(Math.random() * 200_000);
  const rows = catalogue.slice(from, from + 12_000).map((entry) => ({ ...entry, label: `${entry.name} at ${entry.price}` }));
  response.type('text/plain').send(`total ${rows.reduce((total, row) => total + row.label.length, 0)}\n`);
});
shop.listen(8000, '0.0.0.0');
