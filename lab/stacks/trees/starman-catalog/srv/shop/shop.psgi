# A shop in Perl that shows a list: one connection to PostgreSQL for each worker, and an answer of several packets.
use strict;
use warnings;
use DBI;

sub cart {
    my $db = DBI->connect_cached('dbi:Pg:host=db-1.internal;dbname=shop', 'shop', $ENV{DB_PASSWORD}, { RaiseError => 1 });
    my $rows = $db->selectall_arrayref('SELECT id, user_id, amount FROM orders WHERE user_id = ?', undef, int(rand(500)));
    return scalar(@$rows) . " orders\n";
}

sub {
    my $path = shift->{PATH_INFO};
    my $body = $path eq '/health' ? "ok\n" : eval { cart() } // "orders unknown: $@";
    return [200, ['Content-Type' => 'text/plain', 'Content-Length' => length $body], [$body]];
};
