#!/usr/bin/perl
# A shop in Mojolicious that reads the images of a page from its disk.
use Mojolicious::Lite -signatures;

app->secrets([$ENV{APP_SECRET}]);
app->config(hypnotoad => { listen => ['http://*:8000'], workers => 8, clients => 50, pid_file => '/tmp/shop.pid' });

get '/health' => sub ($c) { $c->render(text => "ok\n", format => 'txt') };
get '/cart' => sub ($c) {
    my $total = 0;
    for (1 .. 3) {
        open my $shelf, '<:raw', '/srv/data/media/shelf-' . int(rand(8)) or die "no shelf: $!";
        sysseek $shelf, 65536 * int(rand(330)), 0;
        $total += sysread $shelf, my $image, 65536;
    }
    $c->render(text => "images $total\n", format => 'txt');
};
app->start;
