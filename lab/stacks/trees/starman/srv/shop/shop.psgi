# A shop in Perl: one connection to PostgreSQL for each worker.
use strict;
use warnings;
use DBI;
use Sys::Hostname;

my $node = hostname;

sub cart {
    my $db = DBI->connect_cached('dbi:Pg:host=db-1.internal;dbname=shop', 'shop', $ENV{DB_PASSWORD}, { RaiseError => 1, AutoCommit => 1 });
    $db->begin_work;
    $db->do('UPDATE sessions SET hits = hits + 1 WHERE node = ? AND shard = ?', undef, $node, int(rand(32)));
    my ($total) = $db->selectrow_array('SELECT sum(amount) FROM orders WHERE user_id = ?', undef, int(rand(500)));
    $db->commit;
    return "total $total\n";
}

sub {
    my $path = shift->{PATH_INFO};
    my $body = $path eq '/health' ? "ok\n" : eval { cart() } // "total unknown: $@";
    return [200, ['Content-Type' => 'text/plain', 'Content-Length' => length $body], [$body]];
};
