import "test_bind_order0" as t;
import "test_bind_order1" as t;
import "test_bind_order2" as t;

def check: [t::first, t::second, t::third] == [0, 1, 2];
