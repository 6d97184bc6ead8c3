module {whatever: null};

import "a" as foo;
import "d" as d {search: "./"};
import "d" as d2 {search: "./"};
import "e" as e {search: "./../lib/jq"};
import "f" as f {search: "./../lib/jq"};
import "data" as $d;

def a: 0;
def c:
  if $d::d[0].this != "is a test" then error("the data is not there")
  elif d::word != d2::word then error("one module under two names differs")
  elif f::f != "f" then error("f is not found beside e")
  else foo::a + "c" + d::word + e::word end;
