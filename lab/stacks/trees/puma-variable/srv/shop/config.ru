require 'sequel'
require 'socket'
NODE = Socket.gethostname
DB = Sequel.connect("postgres://shop:#{ENV.fetch('DB_PASSWORD')}@db-1.internal/shop", max_connections: 16, pool_timeout: 10)
run(lambda do |env|
  case env['PATH_INFO']
  when '/health' then [200, { 'Content-Type' => 'text/plain' }, ["ok\n"]]
  when '/cart'
    begin
      DB.transaction do
        DB[:sessions].where(node: NODE, shard: rand(32)).update(hits: Sequel[:hits] + 1)
        DB.get(Sequel.function(:pg_sleep, 0.04))
      end
      [200, { 'Content-Type' => 'text/plain' }, ["total\n"]]
    rescue StandardError => e
      warn "no total: #{e.message}"
      [200, { 'Content-Type' => 'text/plain' }, ["total unknown\n"]]
    end
  else [404, {}, []]
  end
end)
