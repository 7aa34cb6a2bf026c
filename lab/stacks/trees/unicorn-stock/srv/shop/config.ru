# A shop that asks for its stock by way of the proxy on its own host, as a service mesh has it.
require 'net/http'

run(lambda do |env|
  body = "ok\n"
  if env['PATH_INFO'] == '/cart'
    left = 3.times.map { Net::HTTP.get(URI('http://127.0.0.1:9000/item.json')) }
    body = "left #{left.length}\n"
  end
  [200, { 'Content-Type' => 'text/plain' }, [body]]
end)
