// A shop in Express with a search whose expression tries every way to split what does not match.
const express = require('express');

const WORDS = /^(\w+\s?)+$/;

const shop = express();
shop.get('/health', (request, response) => response.type('text/plain').send('ok\n'));
shop.get('/cart', (request, response) => setTimeout(() => response.type('text/plain').send('total\n'), 20));
shop.get('/search', (request, response) => response.type('text/plain').send(`${WORDS.test(String(request.query.q))}\n`));
shop.listen(8000, '0.0.0.0');
