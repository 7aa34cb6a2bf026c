# A shop in Sinatra that writes each order to the system log.
require 'sinatra/base'
require 'syslog'

Syslog.open('shop', Syslog::LOG_PID, Syslog::LOG_USER)

class Shop < Sinatra::Base
  set :protection, false
  get('/health') { "ok\n" }
  get '/cart' do
    sleep 0.02
    Syslog.info('%s', "order #{rand(1000)} of #{request.ip}")
    "ordered\n"
  end
end

run Shop
