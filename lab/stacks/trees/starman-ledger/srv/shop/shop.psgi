# A shop in Perl that writes each order to a ledger, one process at a time.
use strict;
use warnings;
use Fcntl ':flock';

sub order {
    open my $ledger, '>>', '/srv/data/ledger' or die "no ledger: $!";
    flock $ledger, LOCK_EX or die "no lock: $!";
    print {$ledger} 'order ', time, "\n";
    close $ledger;
    return "ordered\n";
}

sub {
    my $path = shift->{PATH_INFO};
    my $body = $path eq '/health' ? "ok\n" : eval { order() } // "not ordered: $@";
    return [200, ['Content-Type' => 'text/plain', 'Content-Length' => length $body], [$body]];
};
