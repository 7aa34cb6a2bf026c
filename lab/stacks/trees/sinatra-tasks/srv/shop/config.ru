# A shop in Sinatra that has each label printed by a program, and tells a customer whose label was not.
require 'sinatra/base'

class Shop < Sinatra::Base
  set :protection, false
  get('/health') { "ok\n" }
  get '/cart' do
    system('/opt/labels/print_label', rand(1000).to_s, exception: true)
    "printed\n"
  end
end

run Shop
