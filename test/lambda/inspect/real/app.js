// An application behind a load balancer: a pool of connections to a database that answers, or does
// not, and a page of metrics.
const net = require('node:net');
const http = require('node:http');
const [pool, waiting] = process.argv.slice(2).map(Number);
for (let i = 0; i < pool; i += 1) {
  const connection = net.connect(5432, '127.0.0.1', () => connection.write('query'));
  connection.resume();
}
const page = [
  `connection_pool_active ${pool}`,
  'connection_pool_max 12',
  `connection_pool_wait ${waiting}`,
  'app_info{version="1.2",dsn="postgres://shop:S3cretOfLabel@db/shop"} 1',
  'app_info{note="## end ok",token="S3cretOfToken"} 1',
].join('\n');
http.createServer((request, response) => response.end(request.url === '/metrics' ? `${page}\n` : 'ok')).listen(8080);
