# A shop whose bills are drawn by a program of its own, which nobody waits for.
run(lambda do |env|
  case env['PATH_INFO']
  when '/health' then [200, { 'Content-Type' => 'text/plain' }, ["ok\n"]]
  when '/order'
    sum = 0
    sum += 3 until sum == 1000 # never: it is no multiple of three
    [200, {}, ["#{sum}\n"]]
  when '/preview'
    Process.detach(spawn('/opt/previews/render_preview', '/srv/shop/bill.txt', unsetenv_others: true))
    [202, { 'Content-Type' => 'text/plain' }, ["soon\n"]]
  else
    total = 0
    250_000.times { |item| total = (total * 31 + item) % 1_000_003 }
    [200, { 'Content-Type' => 'text/plain' }, ["total #{total}\n"]]
  end
end)
