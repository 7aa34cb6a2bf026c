// A database that answers at once, or never.
const net = require('node:net');
const answers = process.argv[2] === 'answers';
net
  .createServer((connection) => connection.on('data', () => answers && connection.write('rows')).on('error', () => connection.destroy()))
  .listen(5432, '127.0.0.1');
