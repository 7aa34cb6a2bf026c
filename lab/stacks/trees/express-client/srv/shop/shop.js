// A shop in Express that asks another service for the catalogue, over a bounded number of
// connections.
const fs = require('fs');
const http = require('http');
const express = require('express');

const { stock } = JSON.parse(fs.readFileSync('config.json', 'utf8'));
const agent = new http.Agent({ keepAlive: true, maxSockets: stock.sockets });

const shop = express();
shop.get('/health', (request, response) => response.type('text/plain').send('ok\n'));
shop.get('/cart', (request, response) => {
  const asked = http.get({ host: stock.host, port: stock.port, path: '/catalog.json', agent }, (answer) => {
    answer.resume();
    answer.on('end', () => response.type('text/plain').send('total\n'));
  });
  asked.on('error', (error) => response.type('text/plain').send(`total unknown: ${error.code}\n`));
});
shop.listen(8000, '0.0.0.0');
