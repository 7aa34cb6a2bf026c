# A shop in Perl: the orders of a customer in one query.
use strict;
use warnings;
use DBI;

sub cart {
    my $db = DBI->connect_cached('dbi:Pg:host=db-1.internal;dbname=shop', 'shop', $ENV{DB_PASSWORD}, { RaiseError => 1, AutoCommit => 1 });
    my ($total) = $db->selectrow_array('SELECT sum(amount) FROM orders WHERE user_id BETWEEN ? AND ?', undef, 1, 15);
    return "total $total\n";
}

sub {
    my $path = shift->{PATH_INFO};
    my $body = $path eq '/health' ? "ok\n" : eval { cart() } // "total unknown: $@";
    return [200, ['Content-Type' => 'text/plain', 'Content-Length' => length $body], [$body]];
};
