# A shop in Perl: the orders of a customer, and then each order.
use strict;
use warnings;
use DBI;

sub cart {
    my $db = DBI->connect_cached('dbi:Pg:host=db-1.internal;dbname=shop', 'shop', $ENV{DB_PASSWORD}, { RaiseError => 1, AutoCommit => 1 });
    my $total = 0;
    my $orders = $db->selectcol_arrayref('SELECT id FROM orders WHERE user_id BETWEEN ? AND ?', undef, 1, 15);
    for my $order (@$orders) {
        my ($amount) = $db->selectrow_array('SELECT amount FROM orders WHERE id = ?', undef, $order);
        $total += $amount;
    }
    return "total $total\n";
}

sub {
    my $path = shift->{PATH_INFO};
    my $body = $path eq '/health' ? "ok\n" : eval { cart() } // "total unknown: $@";
    return [200, ['Content-Type' => 'text/plain', 'Content-Length' => length $body], [$body]];
};
